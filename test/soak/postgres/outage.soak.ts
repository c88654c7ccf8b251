import assert from 'node:assert/strict'
import { it } from 'node:test'
import { outageSoak } from './outage-soak.ts'

it('A server whose PostgreSQL is frozen, shut down, full or without connections refuses new work with 503, goes on by itself, and loses nothing', async context => {
  const names = ['frozen', 'shut down', 'disk full', 'connections used up']
  const { seen, acknowledged, lost, violations, unsettled } = await outageSoak({ names, seconds: 1, waitLimitMs: 500 })
  for (const { name, refused, withoutResponse, loopP99Ms } of seen) {
    assert.deepEqual([Object.keys(refused), withoutResponse], [['503'], 0], name)
    context.diagnostic(`${name}: ${refused['503']} refused, event loop p99 ${loopP99Ms.toFixed(1)} ms`)
  }
  assert.ok(acknowledged > names.length)
  assert.deepEqual({ lost, violations, unsettled }, { lost: [], violations: [], unsettled: 0 })
})
