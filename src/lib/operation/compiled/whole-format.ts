import { DefinitionError } from '../../definition/definition-error.ts'
import type { WholeBodyFormat } from '../../http/body/body-format.ts'
import { BODY_FORMATS } from '../../http/body/body-formats.ts'
import type { Schema } from '../../schema/schema.ts'
import { contentOf } from '../bodies/content-schema.ts'

/** How the `body` of a request or of a message is read and written. Throws a `DefinitionError` for what only a response can be. */
export function wholeFormat(body: Schema | undefined, place: string): WholeBodyFormat {
  const content = contentOf(body)
  if (content?.stream !== undefined)
    throw new DefinitionError(
      `"body" of ${place} is a stream of items, which only a response can be: give another schema`,
    )
  if (content?.file !== undefined)
    throw new DefinitionError(
      `"body" of ${place} is a file, which only a response can be: use bytes("${content.file}")`,
    )
  return content?.format ?? BODY_FORMATS.json
}
