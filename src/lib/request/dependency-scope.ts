import { capital } from '../operation/compiled/identifier.ts'
import type { DependencyScope } from '../operation/dependency-set.ts'

type Generator = AsyncGenerator<unknown, unknown, unknown> | globalThis.Generator<unknown, unknown, unknown>

interface Open {
  readonly generator: Generator
  /** Which dependency it is, in words. */
  readonly place: string
}

/** Ends one generator, or abandons it where that takes too long. */
type Within = (place: string, end: () => Promise<void>) => Promise<void>

/** The open generators, to be continued after their `yield` in reverse order. */
export class OpenGenerators {
  readonly #open: Open[] = []

  add(generator: Generator, place: string): void {
    this.#open.push({ generator, place })
  }

  /**
   * Continues all of them, the last first. Each sees the `error`, if there is one, at its `yield` and may handle and
   * rethrow it; if it throws another error, that one takes its place. Throws the last error of a clean-up. `within`
   * runs each.
   */
  async close(error?: { readonly thrown: unknown }, within: Within = (_, end) => end()): Promise<void> {
    let current = error
    for (let open = this.#open.pop(); open !== undefined; open = this.#open.pop()) {
      const { generator, place } = open
      try {
        await within(place, () => finish(generator, place, current))
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

async function finish(
  generator: Generator,
  place: string,
  error: { readonly thrown: unknown } | undefined,
): Promise<void> {
  const { done } = await (error === undefined ? generator.next() : generator.throw(error.thrown))
  if (done === true) return
  await generator.return(undefined)
  throw new TypeError(`${capital(place)} yielded twice: yield its one value, and clean up after the "yield"`)
}

/**
 * Runs the function of a dependency; `place` names it in words. The first value of a generator is the value of the
 * dependency, and its rest waits in `open`.
 */
export async function startDependency(
  fn: unknown,
  context: object,
  open: OpenGenerators,
  place: string,
): Promise<unknown> {
  const started = (fn as (context: object) => unknown)(context)
  if (!isGenerator(started)) return started
  const first = await started.next()
  if (first.done === true)
    throw new TypeError(
      `${capital(place)} is a generator that never yielded: its value is what it yields, so use "yield" instead of "return"`,
    )
  open.add(started, place)
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

/** The generators of one request, by their scope. */
export class RequestGenerators {
  readonly handler = new OpenGenerators()
  readonly response = new OpenGenerators()

  of(scope: DependencyScope): OpenGenerators {
    return scope === 'handler' ? this.handler : this.response
  }
}
