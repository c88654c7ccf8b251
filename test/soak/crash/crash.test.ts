import assert from 'node:assert/strict'
import { it } from 'node:test'
import { crashSoak } from './crash-soak.ts'

const ROUNDS = Number(process.env['SOAK_ROUNDS'] ?? 4)
const SEED = Number(process.env['SOAK_SEED'] ?? Date.now() % 1e9)

it(`Two servers on one store lose nothing they acknowledged while they are killed under load, in ${ROUNDS} rounds (SOAK_SEED=${SEED})`, async context => {
  const { acknowledged, lost, violations, unsettled, duplicates, kills } = await crashSoak({
    store: 'sqlite',
    rounds: ROUNDS,
    seed: SEED,
  })
  assert.ok(acknowledged > 0 && kills >= ROUNDS)
  assert.deepEqual({ lost, violations, unsettled }, { lost: [], violations: [], unsettled: 0 })
  context.diagnostic(`${kills} kills, ${acknowledged} acknowledged, ${duplicates} duplicates`)
})
