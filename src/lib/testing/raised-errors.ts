import { AsyncLocalStorage } from 'node:async_hooks'

/** The errors that clients learn nothing of, each told to the test whose request it belongs to. */
export class RaisedErrors {
  readonly #isOn: boolean
  readonly #current = new AsyncLocalStorage<Failure>()

  constructor(isOn: boolean) {
    this.#isOn = isOn
  }

  /** Told of each error, while the request runs that it belongs to. */
  readonly note = (thrown: unknown): void => {
    this.#current.getStore()?.note(thrown)
  }

  /** Begins to look at one request. */
  watch(): Failure {
    return new Failure(this.#isOn, this.#current)
  }
}

/** What went wrong with one request. */
class Failure {
  readonly #isOn: boolean
  readonly #current: AsyncLocalStorage<Failure>
  #first: { readonly thrown: unknown } | undefined

  constructor(isOn: boolean, current: AsyncLocalStorage<Failure>) {
    this.#isOn = isOn
    this.#current = current
  }

  get first(): { readonly thrown: unknown } | undefined {
    return this.#first
  }

  note(thrown: unknown): void {
    if (this.#isOn) this.#first ??= { thrown }
  }

  within<T>(run: () => T): T {
    return this.#current.run(this, run)
  }

  /** Throws what went wrong, if anything did. */
  raise(): void {
    if (this.#first !== undefined) throw this.#first.thrown
  }
}
