import { DefinitionError } from './definition-error.ts'

/** Runs a check of numbers, and tells of one that cannot be as of any other mistake in a definition; `place` says where. */
export function definite(check: () => void, place?: string): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new DefinitionError(place === undefined ? error.message : `${error.message} (in ${place})`, { cause: error })
  }
}
