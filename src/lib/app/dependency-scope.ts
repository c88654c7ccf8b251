import type { DependencyScope } from '../operation/dependency-set.ts'

type Generator = AsyncGenerator<unknown, unknown, unknown> | globalThis.Generator<unknown, unknown, unknown>

/** What generators left open, to be continued behind their `yield` in the reverse order. */
export class OpenGenerators {
  readonly #open: Generator[] = []

  add(generator: Generator): void {
    this.#open.push(generator)
  }

  /**
   * Continues all of them, the last first. With an `error` each sees it at its `yield`, may handle it in its own way and
   * rethrow it; another error that one of them throws takes its place. Throws the last error of a clean-up.
   */
  async close(error?: { readonly thrown: unknown }): Promise<void> {
    let current = error
    for (let generator = this.#open.pop(); generator !== undefined; generator = this.#open.pop()) {
      try {
        const { done } = await (current === undefined ? generator.next() : generator.throw(current.thrown))
        if (done !== true) await finish(generator)
      } catch (thrown) {
        current = { thrown }
      }
    }
    if (current !== undefined && current !== error) throw current.thrown
  }

  get empty(): boolean {
    return this.#open.length === 0
  }
}

async function finish(generator: Generator): Promise<never> {
  await generator.return(undefined)
  throw new TypeError('A dependency yielded twice: it has one value, and what follows the "yield" cleans up')
}

/** Runs the function of a dependency; a generator's first value is its value, and the rest waits in `open`. */
export async function startDependency(fn: unknown, context: object, open: OpenGenerators): Promise<unknown> {
  const started = (fn as (context: object) => unknown)(context)
  if (!isGenerator(started)) return started
  const first = await started.next()
  if (first.done !== true) open.add(started)
  return first.value
}

function isGenerator(value: unknown): value is Generator {
  return (
    typeof value === 'object' &&
    value !== null &&
    (Symbol.asyncIterator in value || Symbol.iterator in value) &&
    'throw' in value
  )
}

/** The generators of one request, by how long they live. */
export class RequestGenerators {
  readonly handler = new OpenGenerators()
  readonly response = new OpenGenerators()

  of(scope: DependencyScope): OpenGenerators {
    return scope === 'handler' ? this.handler : this.response
  }
}
