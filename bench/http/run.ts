import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Slice, SliceResult } from '../load/slice.ts'
import { Child } from '../process/child.ts'
import { machine } from '../report/machine.ts'
import { showProgress } from '../report/progress.ts'
import { shuffled } from '../report/statistics.ts'
import { type HttpCase, measuredCases } from './cases.ts'
import { checkResponses } from './check-responses.ts'
import { type Measurement, printReport } from './report.ts'

/** The servers that are measured: the first one is the limit, and the unit. */
const servers: readonly (readonly [name: string, file: string])[] = [
  ['node:http', 'node-http-server.ts'],
  ['ringback', 'ringback-server.ts'],
  ['ringback, z.compile', 'ringback-compiled-server.ts'],
  ['fastify, ajv', '../peers/fastify-ajv-server.ts'],
  ['fastify, zod', '../peers/fastify-zod-server.ts'],
  ['hono, zod-openapi', '../peers/hono-zod-openapi-server.ts'],
]

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    cases: { type: 'string', default: measuredCases.map(({ name }) => name).join(',') },
    servers: { type: 'string', default: '' },
    'slice-ms': { type: 'string', default: '1000' },
    'cpu-prof': { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)
const durationMs = Number(values['slice-ms'])
const cases = measuredCases.filter(({ name }) => values.cases.split(',').includes(name))
const wanted = values.servers === '' ? servers : servers.filter(([name]) => values.servers.split(';').includes(name))
const profiling = values['cpu-prof'] === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values['cpu-prof']}`]

interface RunningServer {
  readonly name: string
  readonly child: Child
  readonly port: number
}

const [serverCore, loadCore] = [0, 1]
const { child: load } = await Child.start(join(import.meta.dirname, '../load/load.ts'), { core: loadCore })
const running = await startServers()
try {
  for (const { name, port } of running) await checkResponses(name, port)
  const before = machine()
  const pairs = running.flatMap(server => cases.map(httpCase => ({ server, httpCase })))
  for (const pass of [1, 2])
    for (const { server, httpCase } of shuffled(pairs)) await slice(server, httpCase, `warm-up ${pass}`)
  const measured: Measurement[] = []
  for (let round = 1; round <= rounds; round++)
    for (const { server, httpCase } of shuffled(pairs)) {
      const result = await slice(server, httpCase, `round ${round} of ${rounds}`)
      measured.push({ server: server.name, case: httpCase.name, round, ...result })
    }
  showProgress('')
  const names = { servers: running.map(({ name }) => name), cases: cases.map(({ name }) => name) }
  if (values.json) console.log(JSON.stringify({ machine: before, measured }))
  else printReport(before, measured, names)
} finally {
  await Promise.all([load, ...running.map(({ child }) => child)].map(child => child.stop()))
}

async function startServers(): Promise<RunningServer[]> {
  const started: RunningServer[] = []
  for (const [name, file] of wanted) {
    const options = { core: serverCore, env: { NODE_ENV: 'production' }, nodeOptions: profiling }
    const { child, ready } = await Child.start<{ port: number }>(join(import.meta.dirname, file), options)
    started.push({ name, child, port: ready.port })
  }
  return started
}

async function slice(server: RunningServer, httpCase: HttpCase, stage: string): Promise<SliceResult> {
  showProgress(`${stage}: ${httpCase.name} on ${server.name}`)
  const { port, child } = server
  const command: Slice = { port, pid: child.pid, request: httpCase.request, connections: 32, durationMs }
  const result = await load.ask<SliceResult>(command)
  const wrong = Object.keys(result.statuses).filter(status => status !== String(httpCase.status))
  if (wrong.length > 0)
    throw new Error(`"${server.name}" responded to "${httpCase.name}" with ${wrong} under load, not ${httpCase.status}`)
  return result
}
