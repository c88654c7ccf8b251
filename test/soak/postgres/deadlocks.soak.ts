import assert from 'node:assert/strict'
import { it } from 'node:test'
import { PostgresMachine } from '../../support/postgres-machine.ts'
import { soon } from '../soon.ts'
import { contend } from './contention.ts'

it('Workers, operators and whoever adds never wait for each other in a circle', async context => {
  await using machine = await PostgresMachine.create({ flags: ['-c', 'deadlock_timeout=20ms'] })
  await soon(machine.start(), { state: () => machine.state() })
  const seed = Date.now() % 1e9
  const { done, errors } = await soon(contend(machine.connectionString, { workers: 4, seed, seconds: 4 }))
  assert.deepEqual(errors, [])
  assert.doesNotMatch(machine.state(), /deadlock detected/)
  context.diagnostic(`${done} operations, seed ${seed}`)
})
