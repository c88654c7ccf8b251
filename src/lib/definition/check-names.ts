import { cutText } from '../cut-text.ts'
import { DefinitionError } from './definition-error.ts'
import { similarName } from './similar-name.ts'

/** The names that an object may have. Written as `Record<keyof Options, true>`, so that the compiler keeps it complete. */
export type KnownNames = Readonly<Record<string, true>>

/**
 * Refuses a misspelt name, which would be lost without a word: the compiler sees it in literals only, and JavaScript has
 * none. `place` says in words what has the names, such as `the options of "serve"`.
 */
export function checkNames(given: object, known: KnownNames, place: string): void {
  if (typeof given !== 'object' || given === null)
    throw new DefinitionError(`Expected an object for ${place}: give at least {}`)
  const unknown = unknownNameIn(given, known)
  if (unknown !== undefined) throw new DefinitionError(unknownNameText(unknown, known, place))
}

/** The first name of an object that is not known. */
export function unknownNameIn(given: object, known: KnownNames): string | undefined {
  for (const name of Object.keys(given)) if (!Object.hasOwn(known, name)) return name
  return undefined
}

const MOST_CHARACTERS = 80

/** What is said of a name that is not known: all that are, and the one that was probably meant. */
export function unknownNameText(name: string, known: KnownNames, place: string): string {
  const names = Object.keys(known)
  const similar = similarName(name, names)
  const meant = similar === undefined ? '' : `. Did you mean "${similar}"?`
  return `Unknown key "${cutText(name, MOST_CHARACTERS)}" in ${place}; known keys: ${names.join(', ')}${meant}`
}
