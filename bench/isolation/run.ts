import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Child } from '../process/child.ts'
import { freePort } from '../process/free-port.ts'
import type { ReceiverCommand, ReceiverState } from '../receiver/receiver-command.ts'
import { machine } from '../report/machine.ts'
import { showProgress } from '../report/progress.ts'
import { shuffled } from '../report/statistics.ts'
import type { ClaimCommand, ClaimCosts } from './claims.ts'
import { fileDatabases, serverDatabases } from './databases.ts'
import { type Death, deadUrl, drippingUrl } from './destinations.ts'
import { type LoadRun, printClaims, printLoads } from './report.ts'
import type { SeedCommand } from './seed.ts'
import type { SenderCommand, SenderState } from './sender.ts'

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '3' },
    dead: { type: 'string', default: 'refuse;silent' },
    'per-second': { type: 'string', default: '100' },
    seconds: { type: 'string', default: '30' },
    claims: { type: 'string', default: '300' },
    free: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const rows = Number(values.rows)
const rounds = Number(values.rounds)
const perSecond = Number(values['per-second'])
const fewRows = 1_000
const seededTogether = 50_000
const warmUpSeconds = 5
const arrivalLimitMs = 60_000
const file = (name: string) => join(import.meta.dirname, name)

/** One core for the sender, the other for the receiver; with `--free` the kernel decides. */
const [senderCore, receiverCore] = values.free ? [{}, {}] : [{ core: 0 }, { core: 1 }]

/** The healthy destinations alone, and beside deliveries that wait for a dead one. */
const cases = ['alone', ...values.dead.split(';').map(death => asDeath(death))] as const

const before = machine()
await using databases = values.store === 'postgres' ? await serverDatabases(senderCore) : fileDatabases()
// The waiting rows contain the port, so every receiver listens on this one.
const port = await freePort()

await seed('few', [{ url: deadUrl(port), rows: fewRows }])
await seed('many', [{ url: deadUrl(port), rows }])
const claims = Number(values.claims) > 0 ? await measureClaims(Number(values.claims)) : undefined
await seed('many', [{ url: drippingUrl(port), rows: fewRows }])
const loads: LoadRun[] = []
for (let round = 1; round <= rounds; round++)
  for (const name of shuffled(cases)) {
    showProgress(`round ${round} of ${rounds}: ${name}`)
    loads.push({ name, round, ...(await measureLoad(name)) })
  }
showProgress('')

if (values.json) console.log(JSON.stringify({ machine: before, rows, claims, loads }))
else {
  console.log(before)
  if (claims !== undefined) printClaims(fewRows, rows, claims)
  printLoads(cases, loads)
}

function asDeath(name: string): Death {
  if (name !== 'refuse' && name !== 'silent') throw new Error(`--dead takes "refuse", "silent" or both, not "${name}"`)
  return name
}

/** Stores the waiting deliveries in a process of its own, so that its memory does not count as the sender's. */
async function seed(name: string, wanted: readonly SeedCommand[]): Promise<void> {
  const { child } = await Child.start(file('seed.ts'), { args: [databases.at(name)] })
  try {
    for (const { url, rows: count } of wanted)
      for (let stored = 0; stored < count; stored += seededTogether) {
        showProgress(`${stored} of ${count} stored for ${url}`)
        await child.ask({ url, rows: Math.min(seededTogether, count - stored) } satisfies SeedCommand)
      }
  } finally {
    await child.stop()
  }
  await databases.rest(name)
}

async function measureClaims(repetitions: number): Promise<Record<ClaimCommand['breaker'], ClaimCosts>> {
  showProgress('claims')
  await databases.copy('many', 'claims')
  const args = [databases.at('few'), databases.at('claims'), databases.at('bare')]
  const { child } = await Child.start(file('claims.ts'), { args })
  try {
    const closed = await child.ask<ClaimCosts>({ breaker: 'closed', repetitions } satisfies ClaimCommand)
    const open = await child.ask<ClaimCosts>({ breaker: 'open', repetitions } satisfies ClaimCommand)
    return { closed, open }
  } finally {
    await child.stop()
    await databases.remove('claims')
  }
}

/** The healthy load with new processes: alone on a new database, or on a copy of the one where rows are waiting. */
async function measureLoad(name: (typeof cases)[number]): Promise<Omit<LoadRun, 'name' | 'round'>> {
  if (name !== 'alone') await databases.copy('many', 'load')
  const { child: receiver } = await Child.start(file('receiver.ts'), { args: [String(port), name], ...receiverCore })
  const env = { NODE_ENV: 'production' }
  const args = [String(port), databases.at('load')]
  const { child: sender } = await Child.start(file('sender.ts'), { args, env, ...senderCore })
  try {
    const warmUp = await sender.ask<SenderState>({ seconds: warmUpSeconds, perSecond } satisfies SenderCommand)
    await arrived(receiver, warmUp.sent)
    const seconds = Number(values.seconds)
    const state = await sender.ask<SenderState>({ seconds, perSecond } satisfies SenderCommand)
    return { ...state, seconds, arrivalsMs: await arrived(receiver, state.sent, warmUp.sent) }
  } finally {
    await Promise.all([sender.stop(), receiver.stop()])
    await databases.remove('load')
  }
}

/** How long each of the last deliveries took, once all of them are there. */
async function arrived(receiver: Child, count: number, earlier = 0): Promise<readonly number[]> {
  const command: ReceiverCommand = { until: earlier + count, limitMs: arrivalLimitMs }
  const { arrivalsMs } = await receiver.ask<ReceiverState>(command)
  if (arrivalsMs.length !== count) throw new Error(`${arrivalsMs.length} of ${count} deliveries arrived`)
  return arrivalsMs
}
