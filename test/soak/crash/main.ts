// npm run soak:crash -- --rounds 100 [--store postgres] [--seed 7]
import { parseArgs } from 'node:util'
import { crashSoak } from './crash-soak.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    store: { type: 'string', default: 'sqlite' },
    seed: { type: 'string' },
  },
})
const { store } = values
if (store !== 'sqlite' && store !== 'postgres') throw new TypeError('Give --store either "sqlite" or "postgres"')
const rounds = Number(values.rounds)
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9))
if (!Number.isSafeInteger(rounds) || rounds < 1 || !Number.isSafeInteger(seed))
  throw new TypeError('Give --rounds a whole number from 1 on, and --seed a whole number')

console.log(`seed ${seed}`)
const started = performance.now()
const result = await crashSoak({
  store,
  rounds,
  seed,
  onRound(round, acknowledged) {
    if (round % 10 === 0 || round === rounds) console.log(`round ${round}: ${acknowledged} acknowledged`)
  },
})
const seconds = (performance.now() - started) / 1000
const { acknowledged, lost, duplicates, violations, kills, withoutResponse, refused, givenUp, unsettled } = result
const table = {
  rounds,
  seconds: seconds.toFixed(1),
  kills,
  acknowledged,
  lost: lost.length,
  duplicates,
  violations: violations.length,
  givenUp,
  unsettled,
  withoutResponse,
  refused: [...refused].map(([status, count]) => `${count} with ${status}`).join(', ') || 0,
}
for (const [name, value] of Object.entries(table)) console.log(`${name.padEnd(13)}${value}`)
for (const invoice of lost) console.log(`LOST ${invoice}`)
for (const violation of violations) console.log(violation)
if (lost.length > 0 || violations.length > 0 || unsettled > 0) process.exitCode = 1
