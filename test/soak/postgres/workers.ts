// npm run soak:workers -- [--deliveries 5000] [--seed 7]
import { parseArgs } from 'node:util'
import { workersSoak } from './workers-soak.ts'

const { values } = parseArgs({
  options: { deliveries: { type: 'string', default: '5000' }, seed: { type: 'string' } },
})
const deliveries = Math.ceil(Number(values.deliveries) / 100) * 100
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9))
if (!(deliveries > 0) || !Number.isSafeInteger(seed))
  throw new TypeError('Give --deliveries a number above 0, and --seed a whole number')

console.log(`seed ${seed}`)
for (const pooled of [false, true]) {
  const how = pooled ? 'through PgBouncer' : 'directly'
  const result = await workersSoak({ processes: 5, workersInEach: 2, deliveries, destinations: 50, seed, pooled })
  if (result === undefined) {
    console.log(`${how}: NOT TRIED, as PgBouncer is not installed here`)
    continue
  }
  const { errors, ...counted } = result
  console.log(`ten workers ${how}:`, { ...counted, errors: errors.length })
  for (const error of errors) console.log(error)
  const { delivered, sharedTokens, overlaps, unsettled } = result
  if (delivered !== deliveries || sharedTokens + overlaps + unsettled + errors.length > 0) process.exitCode = 1
}
