import type { Log } from '../log.ts'
import type { CompiledDependency } from '../operation/compiled-dependency.ts'
import type { Dependency } from '../operation/dependency-definition.ts'
import { OpenGenerators, startDependency } from './dependency-scope.ts'

/** The values that live as long as the application: made once, when the app starts or at first use. */
export class AppDependencies {
  readonly #values = new Map<Dependency, Promise<unknown>>()
  readonly #open = new OpenGenerators()
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  value(compiled: CompiledDependency): Promise<unknown> {
    const { dependency } = compiled
    const known = this.#values.get(dependency)
    if (known !== undefined) return known
    const made = this.#make(compiled)
    this.#values.set(dependency, made)
    // A value that could not be made is tried again at its next use.
    made.catch(() => this.#values.delete(dependency))
    return made
  }

  async #make({ dependency, dependencies }: CompiledDependency): Promise<unknown> {
    const values = await Promise.all(
      dependencies.map(async ({ name, compiled }) => [name ?? '', await this.value(compiled)] as const),
    )
    return startDependency(dependency, { ...Object.fromEntries(values), log: this.#log }, this.#open)
  }

  /** Cleans all of them up, the last made first. */
  async close(): Promise<void> {
    this.#values.clear()
    await this.#open.close()
  }
}
