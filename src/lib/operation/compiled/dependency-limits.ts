import { DefinitionError } from '../../definition/definition-error.ts'
import { quoted } from '../../definition/quoted.ts'
import type { DependencyScope } from '../dependency-set.ts'

/** How often a dependency is made, as its definition says it. */
export interface DependencyLimits {
  /**
   * False makes a value of its own for each that asks, also within one request. Not with scope `app`. Default: true, one
   * for all of a request.
   */
  readonly cache?: boolean
  /**
   * How many values there may be at once, all requests together. Further requests wait for a place, in their order; it is
   * held until the value has been cleaned up, which is when its scope ends. A request whose client goes away leaves. Not
   * with scope `app`. Default: any number.
   */
  readonly maxConcurrency?: number
  /** How many requests may wait for a place; the response to any more is a 503. Default: 1,000. */
  readonly maxWaiting?: number
  /** How long a request waits for a place, in milliseconds; then the response is a 503. Default: 30,000. */
  readonly maxWaitMs?: number
}

/** The limits of a dependency with places, with their defaults. */
export type Concurrency = Required<Omit<DependencyLimits, 'cache'>>

/** The limits with their defaults; undefined where there may be any number. */
export const concurrencyOf = ({
  maxConcurrency,
  maxWaiting = 1_000,
  maxWaitMs = 30_000,
}: DependencyLimits): Concurrency | undefined =>
  maxConcurrency === undefined ? undefined : { maxConcurrency, maxWaiting, maxWaitMs }

/** The longest time of a timer of Node. */
const MOST_MS = 2 ** 31 - 1

/** Throws a `DefinitionError` for a limit that cannot be meant. */
export function checkDependencyLimits(limits: DependencyLimits, scope: DependencyScope | undefined): void {
  const { cache, maxConcurrency, maxWaiting, maxWaitMs } = limits
  if (cache !== undefined && typeof cache !== 'boolean')
    throw new DefinitionError(`"cache" of a dependency is ${quoted(cache)}: give true or false`)
  if (scope === 'app' && (cache === false || maxConcurrency !== undefined))
    throw new DefinitionError(
      `A dependency with scope "app" is made once: leave out "${cache === false ? 'cache' : 'maxConcurrency'}", or give it another scope`,
    )
  checkWhole('maxConcurrency', maxConcurrency, { from: 1, to: Number.MAX_SAFE_INTEGER })
  checkWhole('maxWaiting', maxWaiting, { from: 0, to: Number.MAX_SAFE_INTEGER })
  checkWhole('maxWaitMs', maxWaitMs, { from: 1, to: MOST_MS })
  if (maxConcurrency === undefined && (maxWaiting !== undefined || maxWaitMs !== undefined))
    throw new DefinitionError(
      `"${maxWaiting === undefined ? 'maxWaitMs' : 'maxWaiting'}" of a dependency needs "maxConcurrency": without it nothing waits`,
    )
}

function checkWhole(name: string, limit: number | undefined, { from, to }: { from: number; to: number }): void {
  if (limit === undefined || (Number.isSafeInteger(limit) && limit >= from && limit <= to)) return
  throw new DefinitionError(`"${name}" of a dependency is ${quoted(limit)}: give a whole number of ${from} or more`)
}
