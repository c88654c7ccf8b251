import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { type FuzzCase, wireBytes } from './fuzz-case.ts'
import { SIGN_OF_LIFE } from './sign-of-life.ts'

/** The cost of one request. */
export interface Measured {
  /** Processor time of the longest turn of the server's event loop, in milliseconds. */
  readonly cpuMs: number
  readonly grownMiB: number
  readonly responseBytes: number
  /** 0 where there was no response. */
  readonly status: number
  /** False where the process ended, or was killed because it did not respond. */
  readonly survived: boolean
}

/** A server that uses this much processor time without a sign of life is given up, however long that takes. */
const MOST_CPU_MS = 3_000
const LOOK_MS = 250
/** A tick of the processor time that Linux reports. */
const TICK_MS = 10

/** The application under test; `root` is the checkout, or a copy of it. */
export class FuzzedProcess implements Disposable {
  readonly #child: ChildProcess
  readonly #port: number

  private constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.#port = port
  }

  static async start(root: string): Promise<FuzzedProcess> {
    const child = fork(join(root, 'test/fuzz/fuzzed-server.ts'), {
      // Garbage that V8 has not collected yet must not count as growth, so keep it small.
      execArgv: ['--max-semi-space-size=2'],
      // Half of the starting time would be spent on what the last start has already compiled.
      env: { ...process.env, NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node') },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const told = await nextMessage(child)
    if (told === undefined) throw new Error('The server ended before it served')
    return new FuzzedProcess(child, (told as { port: number }).port)
  }

  /** Sends the request. If it is given up, its cost is the processor time up to then. */
  async measure(fuzzed: FuzzCase): Promise<Measured> {
    let aliveMs = threadMs(this.#child)
    let spentMs = 0
    const lives = (told: unknown): void => {
      if (told === SIGN_OF_LIFE) aliveMs = threadMs(this.#child)
    }
    this.#child.on('message', lives)
    const received = await exchange(this.#port, wireBytes(fuzzed), () => {
      spentMs = threadMs(this.#child) - aliveMs
      return spentMs > MOST_CPU_MS
    })
    this.#child.off('message', lives)
    if (spentMs > MOST_CPU_MS) this[Symbol.dispose]()
    const asked = nextMessage(this.#child)
    if (this.#child.connected) this.#child.send('measured', () => {})
    const measured = (await asked) as Pick<Measured, 'cpuMs' | 'grownMiB'> | undefined
    if (measured === undefined) return { cpuMs: spentMs, grownMiB: 0, ...received, survived: false }
    return { ...measured, ...received, survived: true }
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }
}

/** The next message of the process that is not a sign of life; undefined where it ends first. */
function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise(resolve => {
    const end = (told?: unknown): void => {
      child.off('message', hear).off('exit', ended)
      resolve(told)
    }
    const hear = (told: unknown): void => {
      if (told !== SIGN_OF_LIFE) end(told)
    }
    const ended = (): void => end()
    child.on('message', hear).on('exit', ended)
    if (child.exitCode !== null || child.signalCode !== null) end()
  })
}

/** The processor time of the process's main thread on Linux; 0 elsewhere. */
function threadMs({ pid }: ChildProcess): number {
  if (process.platform !== 'linux') return 0
  try {
    const fields = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ')
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS
  } catch {
    // It has ended, as the closed connection shows.
    return 0
  }
}

type Received = Pick<Measured, 'responseBytes' | 'status'>

/** Sends the bytes and reads until the connection ends, or until `givesUp`, which is polled, returns true. */
function exchange(port: number, bytes: Buffer, givesUp: () => boolean): Promise<Received> {
  return new Promise(resolve => {
    let responseBytes = 0
    let status = 0
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(bytes))
    const looking = setInterval(() => givesUp() && socket.destroy(), LOOK_MS)
    socket.on('data', (chunk: Buffer) => {
      if (responseBytes === 0) status = Number(chunk.toString('latin1', 9, 12))
      responseBytes += chunk.length
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearInterval(looking)
      resolve({ responseBytes, status })
    })
  })
}
