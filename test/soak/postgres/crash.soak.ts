import assert from 'node:assert/strict'
import { it } from 'node:test'
import { crashSoak } from '../crash/crash-soak.ts'

const ROUNDS = Number(process.env['SOAK_ROUNDS'] ?? 2)
const SEED = Number(process.env['SOAK_SEED'] ?? Date.now() % 1e9)

it(`Servers, workers and PostgreSQL lose nothing that was acknowledged while they are killed under load, in ${ROUNDS} rounds (SOAK_SEED=${SEED})`, async context => {
  const { acknowledged, lost, violations, unsettled, duplicates, kills } = await crashSoak({
    store: 'postgres',
    rounds: ROUNDS,
    seed: SEED,
  })
  assert.ok(acknowledged > 0 && kills >= ROUNDS)
  assert.deepEqual({ lost, violations, unsettled }, { lost: [], violations: [], unsettled: 0 })
  context.diagnostic(`${kills} kills, ${acknowledged} acknowledged, ${duplicates} duplicates`)
})
