import type { Clock } from './clock.ts'

const longestText = 1_000

/** For how many texts, and with `keepMs` for how long by the clock. */
export interface RememberOptions {
  readonly limit: number
  readonly keep?: { readonly ms: number; readonly clock: Clock }
}

/**
 * The same function, which remembers what it gave for the last texts: at least `limit` and at most twice as many, none
 * of them long, so that whoever chooses the texts cannot fill the memory.
 */
export function remember<T>(make: (text: string) => T, { limit, keep }: RememberOptions): (text: string) => T {
  let recent = new Map<string, T>()
  let older = new Map<string, T>()
  let keepUntil = Number.NEGATIVE_INFINITY
  const startAfresh = ({ ms, clock }: NonNullable<typeof keep>): void => {
    if (clock.now() < keepUntil) return
    keepUntil = clock.now() + ms
    recent = new Map()
    older = new Map()
  }
  return text => {
    if (keep !== undefined) startAfresh(keep)
    let value = recent.get(text)
    if (value !== undefined) return value
    value = older.get(text) ?? make(text)
    if (text.length > longestText) return value
    if (recent.size >= limit) {
      older = recent
      recent = new Map()
    }
    recent.set(text, value)
    return value
  }
}
