import { DefinitionError } from '../../definition/definition-error.ts'
import type { WholeBodyFormat } from '../../http/body/body-format.ts'
import { BODY_FORMATS } from '../../http/body/body-formats.ts'
import type { Schema } from '../../schema/schema.ts'
import { contentOf } from '../bodies/content-schema.ts'

/** How the `body` of a message is written. Throws a `DefinitionError` for one that is not written as a whole. */
export function wholeFormat(body: Schema | undefined, place: string): WholeBodyFormat {
  const content = contentOf(body)
  if (content === undefined) return BODY_FORMATS.json
  if (content.kind === 'whole') return content.format
  throw new DefinitionError(`"body" of ${place} is ${WORDS[content.kind]}: give another schema`)
}

const WORDS = {
  stream: 'a stream of items, which only a response can be',
  form: 'a form, which only a received body can be',
  oneOf: 'a "oneOf", which only a received body can be',
} as const
