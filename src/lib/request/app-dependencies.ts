import type { CurrentDeliveries } from '../callback/callback-runtime.ts'
import type { Log } from '../log/log.ts'
import type { AnyApp } from '../operation/any-app.ts'
import type { CompiledDependency } from '../operation/compiled/compiled-dependency.ts'
import { capital } from '../operation/compiled/identifier.ts'
import { OpenGenerators, startDependency } from './dependency-scope.ts'
import type { Overrides } from './overrides.ts'

/** The values that live as long as the application: made once, when the app starts or at first use. */
export class AppDependencies {
  /** By the function that made the value, so that a temporary override has a value of its own. */
  readonly #values = new Map<unknown, Promise<unknown>>()
  readonly #open = new OpenGenerators()
  readonly #log: Log
  readonly #overrides: Overrides

  readonly #app: AnyApp
  readonly #current: CurrentDeliveries

  constructor(app: AnyApp, log: Log, overrides: Overrides, current: CurrentDeliveries) {
    this.#app = app
    this.#log = log
    this.#overrides = overrides
    this.#current = current
  }

  /** Makes the dependencies of a list that have scope "app". */
  async start(all: readonly CompiledDependency[]): Promise<void> {
    for (const compiled of all) if (compiled.dependency.scope === 'app') await this.value(compiled)
  }

  value(compiled: CompiledDependency): Promise<unknown> {
    const fn = this.#overrides.get(compiled.dependency) ?? compiled.dependency.fn
    const known = this.#values.get(fn)
    if (known !== undefined) return known
    // A shared value must not depend on the request that asks for it first.
    const made = this.#current.run(undefined, () => this.#make(compiled, fn))
    this.#values.set(fn, made)
    // A value that could not be made is made again at its next use.
    made.catch(() => this.#values.delete(fn))
    return made
  }

  async #make({ dependencies, place }: CompiledDependency, fn: unknown): Promise<unknown> {
    const values = await Promise.all(
      dependencies.map(async ({ name, compiled }) => [name ?? '', await this.value(compiled)] as const),
    )
    return startDependency(fn, { ...Object.fromEntries(values), app: this.#app, log: this.#log }, this.#open, place)
  }

  /** Cleans up all of them, the last made first. One that does not end in time no longer holds up the others. */
  async close(step: (name: string, end: () => unknown) => Promise<void>): Promise<void> {
    this.#values.clear()
    await this.#open.close(undefined, (place, end) => step(capital(place), end))
  }
}
