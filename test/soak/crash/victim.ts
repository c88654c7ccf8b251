import { type RunningProgram, startProgram } from '../../support/child-process.ts'

/** What a soak kills and starts again. */
export interface Victim {
  /** Where it serves; undefined where it does not, or is dead. */
  readonly url: string | undefined
  start(): Promise<void>
  kill(): Promise<void>
  /** What it is doing, for whoever waits for it in vain. */
  state(): string
}

const mostStarts = 20

/** A program that is killed; one that ends while it starts, since another victim is away, is started again. */
export class VictimProgram implements Victim {
  readonly #file: URL
  readonly #environment: Readonly<Record<string, string>>
  #running: RunningProgram | undefined
  #ending = new AbortController()
  #state = 'was never started'

  constructor(file: URL, environment: Readonly<Record<string, string>>) {
    this.#file = file
    this.#environment = environment
  }

  get url(): string | undefined {
    return this.#running?.url || undefined
  }

  get running(): RunningProgram | undefined {
    return this.#running
  }

  async start(): Promise<void> {
    const { signal } = this.#ending
    this.#state = 'starts'
    for (let starts = 1; ; starts++)
      try {
        this.#running = await startProgram(this.#file, this.#environment, signal)
        this.#state = 'runs'
        return
      } catch (error) {
        this.#state = `starts again, ${starts} times so far: ${error}`
        if (starts === mostStarts || signal.aborted) throw error
      }
  }

  /** Also where it has not started yet. */
  async kill(): Promise<void> {
    const running = this.#running
    this.#running = undefined
    if (running === undefined) this.#ending.abort()
    this.#ending = new AbortController()
    this.#state = 'is killed'
    await running?.kill()
    this.#state = 'was killed'
  }

  state(): string {
    const { url, pid = '' } = { url: this.url, pid: this.#running?.process.pid }
    return `program ${url ?? ''} ${pid} ${this.#state}`
  }
}
