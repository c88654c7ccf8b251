import type { AnyApp } from '../../operation/any-app.ts'

/** The user's code around the life of an application: it starts before its one `yield`, and ends after it. */
export class Lifespan {
  readonly #fn: ((app: AnyApp) => AsyncGenerator<void, void, void>) | undefined
  #running: AsyncGenerator<void, void, void> | undefined

  constructor(fn: ((app: AnyApp) => AsyncGenerator<void, void, void>) | undefined) {
    this.#fn = fn
  }

  async start(app: AnyApp): Promise<void> {
    if (this.#fn === undefined) return
    const running = this.#fn(app)
    if (typeof running?.next !== 'function')
      throw new TypeError('The lifespan is not a generator: write it as "async function* (app) { … yield … }"')
    if ((await running.next()).done === true)
      throw new TypeError('The lifespan never yielded: put what ends the application after its "yield"')
    this.#running = running
  }

  async end(): Promise<void> {
    const running = this.#running
    this.#running = undefined
    if (running === undefined || (await running.next()).done === true) return
    await running.return()
    throw new TypeError('The lifespan yielded twice: use one "yield", and put what ends the application after it')
  }
}
