import { DefinitionError } from '../../definition/definition-error.ts'
import { quoted } from '../../definition/quoted.ts'
import { isMediaType } from '../../http/media-type.ts'

/** The media type that is given, or this one. `what` names it in the message of the `DefinitionError` for anything else. */
export function checkedMediaType(given: unknown, otherwise: string, what: string): string {
  if (given === undefined) return otherwise
  if (isMediaType(given)) return given
  throw new DefinitionError(`${what} is ${quoted(given)}: give a media type, such as "${otherwise}"`)
}
