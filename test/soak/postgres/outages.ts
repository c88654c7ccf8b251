import { execFileSync } from 'node:child_process'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { PostgresMachine } from '../../support/postgres-machine.ts'

/** The database server of a soak; another one may take its place. */
export interface Scene {
  machine: PostgresMachine
  /** Lets the outage last. */
  readonly last: () => Promise<void>
}

/** Segments of the log of the smallest size, so that a limit on the size of files can leave them room. */
export const smallSegments = ['--wal-segsize=1']
const segmentBytes = 1_048_576

/** What may happen to a database server. Each begins, lasts and ends. */
export const outages: Readonly<Record<string, (scene: Scene) => Promise<void>>> = {
  async frozen({ machine, last }) {
    machine.signal('SIGSTOP')
    await last()
    machine.signal('SIGCONT')
  },
  async 'shut down'({ machine, last }) {
    await machine.stop()
    await last()
    await machine.start()
  },
  'failed over': failOver,
  'disk full': fillDisk,
  'connections used up': useUpConnections,
}

/** A synchronous standby is made from a copy, the first server dies, and the standby takes its address. */
async function failOver(scene: Scene): Promise<void> {
  const { machine: first, last } = scene
  await first.stop()
  const upstream = `host=127.0.0.1 port=${first.port} user=postgres password=password application_name=standby`
  const standby = await first.copy({ flags: ['-c', `primary_conninfo=${upstream}`] })
  writeFileSync(join(standby.folder, 'standby.signal'), '')
  const primary = first.moved({ flags: ['-c', 'synchronous_standby_names=standby'] })
  await primary.start()
  await standby.start()
  await last()
  await primary.kill()
  await ask(standby, 'select pg_promote()')
  await standby.stop()
  scene.machine = standby.moved({ port: first.port })
  await scene.machine.start()
  await primary[Symbol.asyncDispose]()
}

/** No file may become larger than a segment of the log; a table that is as large can take nothing more. */
async function fillDisk({ machine, last }: Scene): Promise<void> {
  await ask(machine, filler(Math.ceil(segmentBytes / fillerBytes)))
  limitFiles(machine, String(segmentBytes))
  // What was left free in its pages is used up as well.
  for (const rows of [500, 50, 5, 1]) while (await succeeds(ask(machine, filler(rows)))) {}
  await last()
  limitFiles(machine, 'unlimited')
  await ask(machine, 'delete from ringback.message where number < 0')
}

/** So small that no page has room left for a real one. */
const fillerBytes = 130
const filler = (rows: number) => `insert into ringback.message (number, content, sealed)
  select (select least(min(number), 0) from ringback.message) - n, convert_to(repeat('x', 96), 'UTF8'), false
  from generate_series(1, ${rows}) n`

function succeeds(promise: Promise<void>): Promise<boolean> {
  return promise.then(
    () => true,
    () => false,
  )
}

/** The limit that counts: the other one stays, so that it can be lifted. As the server's user, who alone may do it. */
function limitFiles(machine: PostgresMachine, limit: string): void {
  const { uid, gid } = statSync(machine.folder)
  const [server, ...others] = machine.pids()
  const limitOne = (pid: number | undefined) =>
    execFileSync('prlimit', ['--pid', String(pid), `--fsize=${limit}:`], { uid, gid, stdio: 'ignore' })
  limitOne(server)
  for (const pid of others)
    try {
      limitOne(pid)
    } catch {
      // It has ended meanwhile.
    }
}

/** The store's connections are ended, and all that there are go to somebody else. */
async function useUpConnections({ machine, last }: Scene): Promise<void> {
  const taken: pg.Client[] = [await connect(machine)]
  for (;;) {
    await taken[0]?.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ringback'")
    const more = await Promise.allSettled(Array.from({ length: 20 }, () => connect(machine)))
    taken.push(...more.flatMap(each => (each.status === 'fulfilled' ? [each.value] : [])))
    const left = await taken[0]?.query("select 1 from pg_stat_activity where application_name = 'ringback'")
    if (left?.rowCount === 0 && more.some(({ status }) => status === 'rejected')) break
  }
  await last()
  await Promise.all(taken.map(client => client.end()))
}

async function connect({ connectionString }: PostgresMachine): Promise<pg.Client> {
  const client = new pg.Client({ connectionString })
  client.on('error', () => {})
  await client.connect()
  return client
}

async function ask(machine: PostgresMachine, sql: string): Promise<void> {
  const client = await connect(machine)
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
