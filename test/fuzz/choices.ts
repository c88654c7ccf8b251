import { seededRandom } from '../soak/seeded-random.ts'

/** The random choices of a generator: the same for the same seed and case number. */
export interface Choices {
  /** A whole number from 0 to `end`, exclusive. */
  below(end: number): number
  of<T>(items: readonly T[]): T
  /** True once in this many times, on average. */
  oneIn(times: number): boolean
  /** A number from 1 to `most`, on a logarithmic scale: each doubling is equally likely. */
  size(most: number): number
}

export function choices(seed: number, index: number): Choices {
  const random = seededRandom(Math.imul(seed, 0x01000193) ^ Math.imul(index + 1, 0x2c1b3c6d))
  const below = (end: number): number => Math.floor(random() * end)
  return {
    below,
    of: items => items[below(items.length)]!,
    oneIn: times => below(times) === 0,
    size: most => Math.max(1, Math.floor(2 ** (random() * Math.log2(Math.max(1, most))))),
  }
}
