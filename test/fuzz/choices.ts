import { seededRandom } from '../soak/seeded-random.ts'

/** What a generator decides by: the same for the same seed and number of the case. */
export interface Choices {
  /** A whole number from 0 up to, without, `end`. */
  below(end: number): number
  of<T>(items: readonly T[]): T
  /** True once in so many times. */
  oneIn(times: number): boolean
  /** A number from 1 to `most`, small ones as often as large ones: each doubling is equally likely. */
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
