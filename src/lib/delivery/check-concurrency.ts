import { quoted } from '../definition/quoted.ts'

/** How many may run at the same time. */
export interface Concurrency {
  readonly total: number
  readonly perOrigin: number
}

/** The given numbers, completed with the defaults. Throws for numbers with which nothing would ever be sent. */
export function checkedConcurrency(
  option: string,
  given: Partial<Concurrency> | undefined,
  byDefault: Concurrency,
): Concurrency {
  const concurrency = { total: given?.total ?? byDefault.total, perOrigin: given?.perOrigin ?? byDefault.perOrigin }
  for (const [name, value] of Object.entries(concurrency))
    if (!(Number.isSafeInteger(value) && value >= 1))
      throw new RangeError(`"${option}.${name}" is ${quoted(value)}; give a whole number from 1`)
  return concurrency
}
