import type { Clock } from '../../clock.ts'

/** How long the other kind of address is waited for once one is known: RFC 8305 section 3, with time for a cold cache. */
const otherKindMs = 300

/**
 * The addresses of both kinds, in the order of `kinds`; those of one kind where the other has none, fails, or is silent
 * for 300 ms more. Rejects where neither has any.
 */
export async function firstKinds(
  kinds: readonly Promise<readonly string[]>[],
  clock: Clock,
): Promise<readonly string[]> {
  const found: (readonly string[])[] = kinds.map(() => [])
  const answers = kinds.map(async (kind, index) => {
    const addresses = await kind
    if (addresses.length === 0) throw new Error('The answer contains no address')
    found[index] = addresses
  })
  try {
    await Promise.any(answers)
  } catch (error) {
    throw error instanceof AggregateError ? tellingError(error.errors) : error
  }
  await settledWithin(answers, clock)
  return found.flat()
}

function settledWithin(answers: readonly Promise<void>[], clock: Clock): Promise<void> {
  return new Promise(resolve => {
    const cancel = clock.setTimer(resolve, otherKindMs)
    Promise.allSettled(answers).then(() => {
      cancel()
      resolve()
    })
  })
}

/** That one kind has no record says less than what went wrong with the other. */
function tellingError(errors: readonly unknown[]): unknown {
  return errors.find(error => !(error instanceof Error && 'code' in error && error.code === 'ENODATA')) ?? errors[0]
}
