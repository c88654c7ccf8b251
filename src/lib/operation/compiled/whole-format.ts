import { DefinitionError } from '../../definition/definition-error.ts'
import type { WholeBodyFormat } from '../../http/body/body-format.ts'
import { BODY_FORMATS } from '../../http/body/body-formats.ts'
import type { Schema } from '../../schema/schema.ts'
import { type Content, contentOf } from '../bodies/content-schema.ts'

/** How the `body` of a message is written. Throws a `DefinitionError` for one that is not written as a whole. */
export function wholeFormat(body: Schema | undefined, place: string): WholeBodyFormat {
  const content = contentOf(body)
  if (content === undefined) return BODY_FORMATS.json
  if (content.format !== undefined) return content.format
  throw new DefinitionError(`"body" of ${place} is ${wordsFor(content)}: give another schema`)
}

function wordsFor({ stream, file, form }: Content): string {
  if (stream !== undefined) return 'a stream of items, which only a response can be'
  if (file !== undefined) return 'a file, which only a response can be'
  return `a ${form === undefined ? '"oneOf"' : 'form'}, which only a received body can be`
}
