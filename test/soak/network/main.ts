// npm run soak:network -- --seconds 300 [--per-second 100] [--seed 7]
import { parseArgs } from 'node:util'
import { fates } from './fate.ts'
import { networkSoak } from './network-soak.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '300' },
    'per-second': { type: 'string', default: '100' },
    seed: { type: 'string' },
  },
})
const seconds = Number(values.seconds)
const perSecond = Number(values['per-second'])
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9))
if (!(seconds > 0) || !(perSecond > 0) || !Number.isSafeInteger(seed))
  throw new TypeError('Give --seconds and --per-second a number above 0, and --seed a whole number')

const mostHealthyMs = 5_000
let told = 0
console.log(`seed ${seed}`)
const {
  violations,
  fates: counted,
  ...result
} = await networkSoak({
  ...{ seconds, perSecond, seed, fates },
  onWait(unsettled) {
    if (unsettled !== told) console.log(`${unsettled} unsettled`)
    told = unsettled
  },
})
const table = { ...result, ...counted, violations: violations.length }
for (const [name, value] of Object.entries(table)) console.log(`${name.padEnd(18)}${value}`)
for (const violation of violations.slice(0, 50)) console.log(violation)
if (violations.length > 0 || result.unsettled > 0 || result.longestHealthyMs > mostHealthyMs) process.exitCode = 1
