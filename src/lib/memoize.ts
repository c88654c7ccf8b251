import type { Clock } from './clock.ts'

const longestKey = 1_000

/**
 * `make`, remembering its last `limit` results by key, with `keep` for so long by the clock. When it is full the oldest
 * goes, and no long key is kept, so that a stranger who chooses the keys cannot fill the memory.
 */
export function memoize<V>(
  limit: number,
  make: (key: string) => V,
  keep?: { readonly ms: number; readonly clock: Clock },
): (key: string) => V {
  const made = new Map<string, V>()
  let keptUntil = Number.NEGATIVE_INFINITY
  const forgetInTime = ({ ms, clock }: NonNullable<typeof keep>): void => {
    const now = clock.now()
    if (now < keptUntil) return
    keptUntil = now + ms
    made.clear()
  }
  return key => {
    if (keep !== undefined) forgetInTime(keep)
    const known = made.get(key)
    if (known !== undefined) return known
    const value = make(key)
    if (key.length > longestKey) return value
    if (made.size >= limit) made.delete(made.keys().next().value ?? key)
    made.set(key, value)
    return value
  }
}
