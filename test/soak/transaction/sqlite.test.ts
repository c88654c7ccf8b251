import assert from 'node:assert/strict'
import { test } from 'node:test'
import { transactionSoak } from './transaction-soak.ts'

const SEED = Number(process.env['SOAK_SEED'] ?? Date.now() % 1e9)

test(`a process that is killed around its commits leaves an invoice and its delivery, or neither (SOAK_SEED=${SEED})`, async () => {
  const { invoices, violations } = await transactionSoak({ store: 'sqlite', rounds: 2, seed: SEED })
  assert.deepEqual(violations, [])
  assert.ok(invoices > 0)
})
