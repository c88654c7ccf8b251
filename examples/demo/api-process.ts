import { type ChildProcess, fork } from 'node:child_process'
import { on, once } from 'node:events'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { ApiAnswers, ApiQuestion } from './api.ts'
import { Failure } from './failure.ts'

const program = join(import.meta.dirname, '../../dist/lib/cli/main.js')
/** As `ringback dev` starts an application, which includes the console. */
const asDevelopment = [
  ...['run', join(import.meta.dirname, 'api.ts'), '--watched', '--allow-loopback'],
  ...['--host', '127.0.0.1', '--port', '0'],
]

const limitMs = { start: 15_000, answer: 5_000, close: 5_000 }

/** The API in a process of its own: started, asked, killed, started again, closed. */
export class ApiProcess {
  readonly storePath: string
  /** What the processes have printed. */
  output = ''
  url = ''
  readonly #signal: AbortSignal
  #child: ChildProcess | undefined

  constructor(storePath: string, signal: AbortSignal) {
    this.storePath = storePath
    this.#signal = signal
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  async start(): Promise<void> {
    const child = fork(program, asDevelopment, {
      env: { ...process.env, RINGBACK_STORE: this.storePath },
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.#child = child
    let printed = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', text => {
        this.output += text
        printed += text
        const [, url] = /^Serving at (\S+)$/m.exec(printed) ?? []
        if (url !== undefined) child.emit('serving', url)
      })
    const [url] = await this.#happens(child, 'serving', () => true, {
      withinMs: limitMs.start,
      missing: 'The API did not start',
    })
    this.url = String(url)
  }

  /** One question at a time. */
  async ask<Name extends keyof ApiAnswers>(name: Name, argument = ''): Promise<Awaited<ReturnType<ApiAnswers[Name]>>> {
    if (!this.#child?.connected) throw new Failure(`The API is not running and cannot be asked for "${name}"`)
    const question: ApiQuestion = { name, argument }
    this.#child.send(question)
    const isAnswer = ([message]: readonly unknown[]) => 'answer' in (message as object)
    const limits = { withinMs: limitMs.answer, missing: `The API did not tell "${name}"` }
    const [message] = await this.#happens(this.#child, 'message', isAnswer, limits)
    return (message as { readonly answer: unknown }).answer as Awaited<ReturnType<ApiAnswers[Name]>>
  }

  /** As `kill -9` does: the process gets no chance to do anything. */
  async kill(): Promise<void> {
    if (this.#child === undefined) return
    this.#child.kill('SIGKILL')
    await once(this.#child, 'exit')
  }

  /** Lets it close in order. */
  async close(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    const late = Symbol('late')
    const limit = new AbortController()
    const first = await Promise.race([exited, setTimeout(limitMs.close, late, { signal: limit.signal })])
    limit.abort()
    if (first === late) await this.kill()
  }

  /** The next event of a kind, unless the process ends before. */
  async #happens(
    child: ChildProcess,
    event: string,
    isIt: (args: readonly unknown[]) => boolean,
    { withinMs, missing }: { readonly withinMs: number; readonly missing: string },
  ): Promise<readonly unknown[]> {
    const ended = new AbortController()
    const onExit = () => ended.abort()
    child.once('exit', onExit)
    try {
      const signal = AbortSignal.any([this.#signal, ended.signal, AbortSignal.timeout(withinMs)])
      for await (const args of on(child, event, { signal })) if (isIt(args)) return args
      throw new Failure(missing)
    } catch (error) {
      if (this.#signal.aborted) throw error
      throw new Failure(
        ended.signal.aborted ? `${missing}: its process ended` : `${missing} within ${withinMs / 1000} s`,
      )
    } finally {
      child.off('exit', onExit)
    }
  }
}
