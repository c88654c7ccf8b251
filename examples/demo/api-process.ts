import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { ApiAnswers, ApiQuestion } from './api.ts'
import { Failure } from './failure.ts'

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
    this.#child = fork(join(import.meta.dirname, 'api.ts'), {
      env: { ...process.env, RINGBACK_STORE: this.storePath },
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', text => {
        this.output += text
      })
    this.url = String(await this.#message(this.#child, limitMs.start, 'The API did not start'))
  }

  /** One question at a time. */
  async ask<Name extends keyof ApiAnswers>(name: Name, argument = ''): Promise<Awaited<ReturnType<ApiAnswers[Name]>>> {
    if (!this.#child?.connected) throw new Failure(`The API is not running and cannot be asked for "${name}"`)
    const question: ApiQuestion = { name, argument }
    this.#child.send(question)
    const answer = await this.#message(this.#child, limitMs.answer, `The API did not tell "${name}"`)
    return answer as Awaited<ReturnType<ApiAnswers[Name]>>
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
    if (child.connected) child.disconnect()
    const late = Symbol('late')
    const limit = new AbortController()
    const first = await Promise.race([exited, setTimeout(limitMs.close, late, { signal: limit.signal })])
    limit.abort()
    if (first === late) await this.kill()
  }

  /** The next message, unless the process ends before. */
  async #message(child: ChildProcess, withinMs: number, missing: string): Promise<unknown> {
    const ended = new AbortController()
    const onExit = () => ended.abort()
    child.once('exit', onExit)
    try {
      const signal = AbortSignal.any([this.#signal, ended.signal, AbortSignal.timeout(withinMs)])
      const [message] = await once(child, 'message', { signal })
      return message.answer
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
