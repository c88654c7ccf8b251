import { type RunningProgram, startProgram } from '../../support/child-process.ts'

/** What a soak kills and starts again. */
export interface Victim {
  /** Where it serves; undefined where it does not, or is dead. */
  readonly url: string | undefined
  start(): Promise<void>
  kill(): Promise<void>
}

const mostStarts = 20

/** A program that is killed; one that ends while it starts, since another victim is away, is started again. */
export class VictimProgram implements Victim {
  readonly #file: URL
  readonly #environment: Readonly<Record<string, string>>
  #running: RunningProgram | undefined

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
    for (let starts = 1; ; starts++)
      try {
        this.#running = await startProgram(this.#file, this.#environment)
        return
      } catch (error) {
        if (starts === mostStarts) throw error
      }
  }

  async kill(): Promise<void> {
    const running = this.#running
    this.#running = undefined
    await running?.kill()
  }
}
