import assert from 'node:assert/strict'
import { it } from 'node:test'
import { quickFates } from './fate.ts'
import { networkSoak } from './network-soak.ts'

const SEED = Number(process.env['SOAK_SEED'] ?? Date.now() % 1e9)

it(`Each delivery ends as its receiver's status asks, whatever the network does and a worker that stands still (SOAK_SEED=${SEED})`, async context => {
  const result = await networkSoak({ seconds: 3, perSecond: 100, seed: SEED, fates: quickFates })
  assert.ok(result.sent > 0 && result.requests >= result.sent)
  assert.deepEqual([result.violations, result.unsettled], [[], 0])
  context.diagnostic(JSON.stringify(result))
})
