import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { createDelivery, type DeliveryRequest } from 'ringback/delivery'
import { postgresStore } from 'ringback/postgres'
import { type RunningProgram, startProgram } from '../../support/child-process.ts'
import { type PgBouncer, startPgBouncer } from '../../support/pgbouncer.ts'
import { PostgresMachine } from '../../support/postgres-machine.ts'
import { Receiver } from '../../support/receiver.ts'
import { seededRandom } from '../seeded-random.ts'
import { MASTER_SECRET } from '../test-store.ts'

/** The options of a soak of workers. */
export interface WorkersSoakOptions {
  readonly processes: number
  readonly workersInEach: number
  readonly deliveries: number
  readonly destinations: number
  readonly seed: number
  /** Whether they reach the server through PgBouncer. */
  readonly pooled: boolean
}

/** The results of a soak of workers. */
export interface WorkersSoakResult {
  readonly delivered: number
  readonly requests: number
  /** Lease tokens that were given twice. */
  readonly sharedTokens: number
  /** Attempts of one delivery that were alive at the same time. */
  readonly overlaps: number
  readonly errors: readonly string[]
  readonly unsettled: number
  /** The processes that claimed something. */
  readonly busy: number
}

const PROGRAM = new URL('../../programs/many-workers.ts', import.meta.url)
/** The receiver's time limit for an attempt; with the margin of the program, a lease lasts a second. */
const TIMEOUT_MS = 500
const STOPPED_MS = 2_500
const SETTLE_LIMIT_MS = 180_000
const BUSY_SHARE = 0.1

/** Lets many workers share one server; one process of them stands still for longer than its leases. Undefined without a pooler. */
export async function workersSoak(options: WorkersSoakOptions): Promise<WorkersSoakResult | undefined> {
  await using machine = await PostgresMachine.create()
  await machine.start()
  await using pooler = options.pooled ? await startPgBouncer(machine) : undefined
  if (options.pooled && pooler === undefined) return undefined
  const random = seededRandom(options.seed)
  await using receiver = new Receiver(response =>
    response.writeHead(random() < BUSY_SHARE ? 503 : 200).end('{"ok":true}'),
  )
  await receiver.start()
  await using programs = new AsyncDisposableStack()
  const started = await startAll(programs, { machine, pooler, options })
  const sending = send(machine, receiver, options)
  const [stopped] = started
  await delay(500)
  stopped?.process.kill('SIGSTOP')
  await delay(STOPPED_MS)
  stopped?.process.kill('SIGCONT')
  const unsettled = await sending
  const reports = await Promise.all(started.map(report))
  const claims = reports.flatMap(each => each.claims)
  return {
    ...(await judge(machine)),
    requests: receiver.received.length,
    sharedTokens: claims.length - new Set(claims).size,
    errors: reports.flatMap(each => each.errors),
    unsettled,
    busy: reports.filter(each => each.claims.length > 0).length,
  }
}

interface Started {
  readonly machine: PostgresMachine
  readonly pooler: PgBouncer | undefined
  readonly options: WorkersSoakOptions
}

function startAll(programs: AsyncDisposableStack, { machine, pooler, options }: Started): Promise<RunningProgram[]> {
  const environment = {
    DATABASE_URL: (pooler ?? machine).connectionString,
    RINGBACK_MASTER_SECRET: MASTER_SECRET,
    WORKERS: String(options.workersInEach),
  }
  return Promise.all(
    Array.from({ length: options.processes }, async () => {
      const program = await startProgram(PROGRAM, environment)
      programs.defer(() => program.kill())
      return program
    }),
  )
}

/** Sends all of them, and waits until they are settled; gives how many are not in time. */
async function send(machine: PostgresMachine, receiver: Receiver, options: WorkersSoakOptions): Promise<number> {
  const engine = createDelivery({
    store: postgresStore({ connectionString: machine.connectionString }),
    signing: { masterSecret: MASTER_SECRET },
    worker: false,
    timeoutMs: TIMEOUT_MS,
    retryDelaysSeconds: Array.from({ length: 50 }, () => 0),
  })
  const requestOf = (at: number): DeliveryRequest => {
    const destination = `${receiver.url}/d${at % options.destinations}`
    const [operation, callback, method] = ['createInvoice', 'invoiceNotification', 'POST']
    return {
      operation,
      callback,
      method,
      url: `${destination}/${at}`,
      destination,
      body: new TextEncoder().encode('{}'),
    }
  }
  for (let at = 0; at < options.deliveries; at += 100)
    await engine.store(Array.from({ length: 100 }, (_, index) => engine.prepare(requestOf(at + index))))
  const deadline = Date.now() + SETTLE_LIMIT_MS
  for (;;) {
    const { scheduled, attempting } = await engine.deliveries.counts()
    if (scheduled + attempting > 0 && Date.now() < deadline) await delay(250)
    else {
      await engine.close()
      return scheduled + attempting
    }
  }
}

async function report({ process: child }: RunningProgram) {
  const told = once(child, 'message')
  child.send('what have you done')
  const [done] = await told
  return done as { readonly claims: readonly string[]; readonly errors: readonly string[] }
}

/** An attempt that began before the one before it had ended was alive beside it. */
async function judge(machine: PostgresMachine): Promise<Pick<WorkersSoakResult, 'delivered' | 'overlaps'>> {
  const client = new pg.Client({ connectionString: machine.connectionString })
  await client.connect()
  const { rows } = await client.query(`select
    (select count(*)::int from ringback.settled where state = 'delivered') as delivered,
    (select count(*)::int from ringback.attempt a join ringback.attempt b
      on b.delivery = a.delivery and b.number = a.number + 1 where b.started_at < a.finished_at) as overlaps`)
  await client.end()
  return rows[0]
}
