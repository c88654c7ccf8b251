import assert from 'node:assert/strict'
import { it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { PostgresMachine } from '../../support/postgres-machine.ts'
import { soon } from '../soon.ts'

it('A server that lost one of its processes ends where it is told to, and starts again where it could not recover', async () => {
  await using machine = await PostgresMachine.create()
  const state = () => machine.state()
  const restarts = async () => {
    const before = state().split('reinitializing').length
    machine.killBackend(() => 0)
    while (state().split('reinitializing').length === before) await delay(1)
  }
  await soon(machine.start(), { state })
  await soon(restarts(), { state })
  await soon(machine.stop(), { state })
  assert.equal(machine.isAlive, false)

  await soon(machine.start(), { state })
  await soon(restarts(), { state })
  // Among them is the process that recovers, without which the server gives up.
  for (const pid of machine.pids().slice(1)) process.kill(pid, 'SIGKILL')
  await soon(machine.start(), { state })
  assert.equal(machine.isAlive, true)
})
