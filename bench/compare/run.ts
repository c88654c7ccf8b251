import { parseArgs } from 'node:util'
import { machine } from '../report/machine.ts'
import { showProgress } from '../report/progress.ts'
import { BaseCheckout, build, here, importedPackage } from './base-checkout.ts'
import { runRound } from './benches.ts'
import { type Comparison, printComparison } from './report.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    base: { type: 'string' },
    bench: { type: 'string', default: 'http' },
    rounds: { type: 'string', default: '10' },
  },
})
if (values.base === undefined) throw new Error('Say what to compare with: --base COMMIT')
const rounds = Number(values.rounds)

console.log(machine())
using base = new BaseCheckout(values.base)
build(here)
const folders = { base: base.path, head: here } as const
for (const [side, folder] of Object.entries(folders)) console.log(`${side}: ${importedPackage(folder)}`)

const measured: Comparison = { base: [], head: [] }
for (let round = 1; round <= rounds; round++)
  for (const side of round % 2 === 1 ? (['base', 'head'] as const) : (['head', 'base'] as const)) {
    showProgress(`round ${round} of ${rounds}: ${side}`)
    measured[side].push(...(await runRound(values.bench, folders[side], positionals)))
  }
showProgress('')
printComparison(measured)
