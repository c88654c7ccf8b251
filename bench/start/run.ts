import { readFileSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { TemporaryFolder } from '../process/temporary-folder.ts'
import { machine } from '../report/machine.ts'
import { showProgress } from '../report/progress.ts'
import { median, medianAndRange } from '../report/statistics.ts'
import { printTable } from '../report/table.ts'
import { type Start, type StartOptions, startUntilFirstResponse } from './first-response.ts'
import { printModules } from './module-report.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '15' },
    modules: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const runs = Number(values.runs)
const here = import.meta.dirname
const application = join(here, '../../examples/invoices.ts')

using folder = new TemporaryFolder()
const compiled = join(folder.path, 'invoices.mjs')
writeFileSync(compiled, stripTypeScriptTypes(readFileSync(application, 'utf8')))

/**
 * The first one is the unit. The second one shows how much of the difference is the user's own: Zod, and reading
 * TypeScript.
 */
const commands: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['bare Node', [join(here, 'bare-server.mjs')]],
  [
    'bare Node with a Zod schema in TypeScript',
    ['--import', join(here, 'invoice-schema.ts'), join(here, 'bare-server.mjs')],
  ],
  ['invoice application', [application]],
  ['invoice application, without its types', [compiled]],
]

const env = { RINGBACK_STORE: join(folder.path, 'deliveries.sqlite') }
const cached = { ...env, NODE_COMPILE_CACHE: join(folder.path, 'compile-cache') }

/** Each command as it is, and once more with Node's compile cache. */
const programs: readonly { readonly name: string; readonly start: StartOptions }[] = [
  ...commands.map(([name, args]) => ({ name, start: { arguments: args, env } })),
  ...commands.map(([name, args]) => ({ name: `${name}, compile cache`, start: { arguments: args, env: cached } })),
]

if (values.modules) await printModules(application, env, folder.path)
else await compare()

async function compare(): Promise<void> {
  const before = machine()
  const measured = new Map<string, Start[]>(programs.map(({ name }) => [name, []]))
  // The first round fills the caches of Node and the file system, and does not count.
  for (let run = 0; run <= runs; run++)
    for (const { name, start: options } of programs) {
      showProgress(`run ${run} of ${runs}: ${name}`)
      const start = await startUntilFirstResponse(options)
      if (run > 0) measured.get(name)?.push(start)
    }
  showProgress('')
  if (values.json) console.log(JSON.stringify({ machine: before, measured: Object.fromEntries(measured) }))
  else print(before, measured)
}

function print(before: string, measured: ReadonlyMap<string, readonly Start[]>): void {
  const bare = measured.get('bare Node') ?? []
  const bareWallMs = median(bare.map(({ wallMs }) => wallMs))
  const bareCpuMs = median(bare.map(({ cpuMs }) => cpuMs))
  console.log(before)
  printTable(
    ['from spawn to the first response', 'wall, ms', 'over bare, ms', 'CPU, ms', 'over bare, ms'],
    [...measured].map(([name, starts]) => {
      const wallMs = starts.map(start => start.wallMs)
      const cpuMs = starts.map(start => start.cpuMs)
      return [
        name,
        medianAndRange(wallMs, 0),
        (median(wallMs) - bareWallMs).toFixed(0),
        medianAndRange(cpuMs, 0),
        (median(cpuMs) - bareCpuMs).toFixed(0),
      ]
    }),
  )
}
