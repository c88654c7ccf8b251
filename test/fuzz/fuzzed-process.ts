import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { type FuzzCase, wireBytes } from './fuzz-case.ts'

/** What one request cost. */
export interface Measured {
  /** Processor time of the longest turn of the server's event loop, in milliseconds. */
  readonly cpuMs: number
  readonly grownMiB: number
  readonly answerBytes: number
  readonly status: number
}

/** A request that has no answer after this time (of the wall) has found something, whatever it is. */
const MOST_WAIT_MS = 20_000

/** Garbage of former requests is collected before those that may leave much: it takes far longer than a small one. */
const WORTH_CLEANING = 10_000

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
      execArgv: ['--expose-gc', '--max-semi-space-size=2'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const port = await Promise.race([
      once(child, 'message').then(([message]) => (message as { port: number }).port),
      once(child, 'exit').then(() => Promise.reject(new Error('The server ended before it served'))),
    ])
    return new FuzzedProcess(child, port)
  }

  async measure(fuzzed: FuzzCase): Promise<Measured> {
    await this.#ask(fuzzed.body.length > WORTH_CLEANING ? 'begin clean' : 'begin')
    const answer = await exchange(this.#port, wireBytes(fuzzed))
    if (answer === undefined) return { cpuMs: MOST_WAIT_MS, grownMiB: 0, answerBytes: 0, status: 0 }
    const measured = (await this.#ask('end')) as Pick<Measured, 'cpuMs' | 'grownMiB'>
    return { ...measured, ...answer }
  }

  async #ask(message: string): Promise<unknown> {
    const done = new AbortController()
    const heard = ['message', 'exit'].map(name =>
      once(this.#child, name, { signal: done.signal }).then(([value]) => value),
    )
    for (const each of heard) each.catch(() => {})
    this.#child.send(message)
    const told: unknown = await Promise.race(heard)
    done.abort()
    if (typeof told === 'number' || told === null) throw new Error('The server ended while it was asked')
    return told
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }
}

function exchange(port: number, bytes: Buffer): Promise<Pick<Measured, 'answerBytes' | 'status'> | undefined> {
  return new Promise(resolve => {
    let answerBytes = 0
    let status = 0
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(bytes))
    const limit = setTimeout(() => {
      resolve(undefined)
      socket.destroy()
    }, MOST_WAIT_MS)
    socket.on('data', (chunk: Buffer) => {
      if (answerBytes === 0) status = Number(chunk.toString('latin1', 9, 12))
      answerBytes += chunk.length
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(limit)
      resolve({ answerBytes, status })
    })
  })
}
