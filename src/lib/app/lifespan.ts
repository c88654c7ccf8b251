import type { AnyApp } from '../operation/any-app.ts'

/** The user's own beginning and end of an application, around its one `yield`. */
export class Lifespan {
  readonly #fn: ((app: AnyApp) => AsyncGenerator<void, void, void>) | undefined
  #running: AsyncGenerator<void, void, void> | undefined

  constructor(fn: ((app: AnyApp) => AsyncGenerator<void, void, void>) | undefined) {
    this.#fn = fn
  }

  async start(app: AnyApp): Promise<void> {
    this.#running = this.#fn?.(app)
    await this.#running?.next()
  }

  async end(): Promise<void> {
    const running = this.#running
    this.#running = undefined
    await running?.next()
  }
}
