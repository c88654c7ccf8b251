// npm run soak:transaction -- --store sqlite|postgres --rounds 200 [--seed 7]
import { parseArgs } from 'node:util'
import { transactionSoak } from './transaction-soak.ts'

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string' },
  },
})
const { store } = values
const rounds = Number(values.rounds)
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9))
if (store !== 'sqlite' && store !== 'postgres') throw new TypeError('Give --store sqlite or postgres')
if (!Number.isSafeInteger(rounds) || rounds < 1 || !Number.isSafeInteger(seed))
  throw new TypeError('Give --rounds a whole number from 1 on, and --seed a whole number')

console.log(`seed ${seed}`)
const { violations, ...result } = await transactionSoak({
  ...{ store, rounds, seed },
  onRound(round, committed) {
    if (round % 20 === 0 || round === rounds) console.log(`round ${round}: ${committed} committed`)
  },
})
for (const [name, value] of Object.entries({ store, ...result, violations: violations.length }))
  console.log(`${name.padEnd(16)}${value}`)
for (const violation of violations.slice(0, 50)) console.log(violation)
if (violations.length > 0) process.exitCode = 1
