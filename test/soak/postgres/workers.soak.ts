import assert from 'node:assert/strict'
import { it } from 'node:test'
import { workersSoak } from './workers-soak.ts'

it('Ten workers on one PostgreSQL, of which some stand still beyond their leases, send everything and never hold a delivery together', async context => {
  const seed = Date.now() % 1e9
  const all = { processes: 2, workersInEach: 5, deliveries: 1_000, destinations: 20, seed, pooled: false }
  const result = await workersSoak(all)
  assert.ok(result !== undefined)
  const { requests, busy, ...rest } = result
  assert.deepEqual(rest, { delivered: all.deliveries, overlaps: 0, sharedTokens: 0, errors: [], unsettled: 0 })
  assert.ok(requests >= all.deliveries && busy > 0)
  context.diagnostic(`${requests} requests, seed ${seed}`)
})
