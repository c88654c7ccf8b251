/** How deep the values of a body of the largest number may lie on average: paths to them cost as much as they do. */
const MEAN_DEPTH = 16

/** A body below this size holds few values: it need not be looked at, if it may hold more than a few. */
const SMALL_BYTES = 4_096

/** Whether a body of JSON of so many bytes cannot hold too much: two values are at least two bytes apart. */
export const isSmallBody = (bytes: number, most: number): boolean => bytes < SMALL_BYTES && bytes < most * 2

/**
 * Whether a value of JSON holds more than `most` values, itself among them: each object, list, text, number, boolean and
 * null is one. So does a value that is narrow but deep, if what lies at its ends has paths that are too long together.
 * Stops at the first too many, and takes any depth.
 */
export function holdsMoreValues(value: unknown, most: number): boolean {
  const mostSteps = most * MEAN_DEPTH
  let count = 1
  let steps = 0
  let level = isNested(value) ? [value] : []
  for (let depth = 0; level.length > 0; depth++) {
    const next: object[] = []
    for (const outer of level) {
      const inside: readonly unknown[] = Array.isArray(outer) ? outer : Object.values(outer)
      if (inside.length === 0) continue
      count += inside.length
      // What holds something is no end of a path itself.
      steps += inside.length * (depth + 1) - depth
      if (count > most || steps > mostSteps) return true
      for (const inner of inside) if (isNested(inner)) next.push(inner)
    }
    level = next
  }
  return count > most
}

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null
