import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fanoutSoak } from './fanout-soak.ts'

test('A fan-out whose workers are killed makes one delivery for each endpoint', async () => {
  const seed = Number(process.env['SOAK_SEED'] ?? 1)
  const { violations, kills } = await fanoutSoak({ store: 'sqlite', rounds: 2, endpoints: 1_500, seed })
  assert.deepEqual(violations, [])
  assert.equal(kills, 6)
})
