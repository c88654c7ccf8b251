// npm run fuzz [-- --seconds 600] [--seed 7] [--case 12] [--prove]
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { alone, caseOf, foundText, fuzz, reasonOf } from './fuzz.ts'
import { shownCase } from './fuzz-case.ts'
import { prove } from './prove.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    seed: { type: 'string' },
    case: { type: 'string' },
    prove: { type: 'boolean', default: false },
  },
})
const root = dirname(dirname(import.meta.dirname))
const seconds = Number(values.seconds)
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9))
if (!(seconds > 0) || !Number.isSafeInteger(seed))
  throw new TypeError('Give --seconds a number above 0, and --seed a whole number')

if (values.prove) {
  if (!(await prove(root))) process.exitCode = 1
} else if (values.case !== undefined) {
  const fuzzed = caseOf(seed, Number(values.case))
  const measured = await alone(root, fuzzed)
  console.log(`${reasonOf(measured) ?? 'Nothing found'}\n  ${shownCase(fuzzed)}\n`, measured)
} else {
  console.log(`seed ${seed}`)
  const { cases, statuses, found } = await fuzz(root, seed, seconds)
  console.log(
    `${cases} cases; responses: ${[...statuses].map(([status, count]) => `${count} with ${status}`).join(', ')}`,
  )
  if (found) {
    console.log(foundText(found), found.measured)
    process.exitCode = 1
  }
}
