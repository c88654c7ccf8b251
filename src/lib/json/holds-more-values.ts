/**
 * How deep the values of a body of the largest number may lie: the path of a mistake is made step by step, in a time that
 * grows with the square of its length.
 */
const USUAL_DEPTH = 16

/** No library validates anything deeper: its stack ends before. */
const DEEPEST = 2_000

/** A body below this size cannot be both wide and deep. */
const SMALL_BYTES = 1_024

/** Whether a body of JSON of so many bytes cannot hold too much: two values are at least two bytes apart. */
export const isSmallBody = (bytes: number, most: number): boolean => bytes < SMALL_BYTES && bytes < most * 2

/**
 * Whether a value of JSON holds more than `most` values, itself among them: each object, list, text, number, boolean and
 * null is one. So does a value with fewer of them, if there are many ends that lie deep.
 * Stops at the first too many, and takes any depth.
 */
export function holdsMoreValues(value: unknown, most: number): boolean {
  const mostSteps = most * USUAL_DEPTH ** 2
  let count = 1
  let steps = 0
  let level = isNested(value) ? [value] : []
  for (let depth = 0; level.length > 0; depth++) {
    const next: object[] = []
    for (const outer of level) {
      const inside: readonly unknown[] = Array.isArray(outer) ? outer : Object.values(outer)
      const { length } = inside
      if (length === 0) continue
      count += length
      // A value that holds others is not itself the end of a path.
      steps += length * squareOf(depth + 1) - squareOf(depth)
      if (count > most || steps > mostSteps) return true
      for (const inner of inside) if (isNested(inner)) next.push(inner)
    }
    level = next
  }
  return count > most
}

const squareOf = (depth: number): number => Math.min(depth, DEEPEST) ** 2

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null
