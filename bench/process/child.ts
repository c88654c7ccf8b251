import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** How a program of the benchmarks is started. */
export interface ChildOptions {
  /** The only core it may run on. Default: any. */
  readonly core?: number
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[]
}

const answerLimitMs = 120_000
const endLimitMs = 15_000

/** A program in a process of its own that takes one command at a time and answers it; see `serveCommands`. */
export class Child {
  readonly pid: number
  readonly #process: ChildProcess

  private constructor(file: string, { core, args = [], env = {}, nodeOptions = [] }: ChildOptions) {
    const command = [process.execPath, ...nodeOptions, file, ...args]
    if (core !== undefined) command.unshift('taskset', '-c', String(core))
    const [program = '', ...rest] = command
    this.#process = spawn(program, rest, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, ...env },
    })
    if (this.#process.pid === undefined) throw new Error(`The program "${file}" did not start: is "taskset" installed?`)
    this.pid = this.#process.pid
  }

  /** Starts a program and waits for its first message, such as its port. */
  static async start<Ready>(file: string, options: ChildOptions = {}): Promise<{ child: Child; ready: Ready }> {
    const child = new Child(file, options)
    return { child, ready: await child.#answer<Ready>() }
  }

  async ask<Answer>(command: unknown): Promise<Answer> {
    const answer = this.#answer<Answer>()
    this.#process.send(command as object)
    return answer
  }

  /** Ends it: a program of the benchmarks ends when its parent disconnects. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const kill = setTimeout(() => this.#process.kill('SIGKILL'), endLimitMs)
    const ended = once(this.#process, 'exit')
    if (this.#process.connected) this.#process.disconnect()
    await ended
    clearTimeout(kill)
  }

  #answer<Answer>(): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const settle = (then: () => void): void => {
        clearTimeout(limit)
        this.#process.off('message', answered)
        this.#process.off('exit', ended)
        then()
      }
      const answered = (answer: unknown) => settle(() => resolve(answer as Answer))
      const ended = (code: number | null) => settle(() => reject(this.#failure(`ended with code ${code}`)))
      const limit = setTimeout(() => settle(() => reject(this.#failure('did not answer in time'))), answerLimitMs)
      this.#process.on('message', answered)
      this.#process.on('exit', ended)
    })
  }

  #failure(how: string): Error {
    return new Error(`A program of the benchmark ${how}: ${this.#process.spawnargs.join(' ')}`)
  }
}
