import { DefinitionError } from '../../definition/definition-error.ts'
import type { ReadFormat } from '../../http/body/body-format.ts'
import { BODY_FORMATS } from '../../http/body/body-formats.ts'
import { once } from '../../once.ts'
import { type CheckJson, compileJsonCheck } from '../../schema/coercion/check-json.ts'
import { type CompiledSchema, compileSchema } from '../../schema/compiled-schema.ts'
import { mayBeMissing } from '../../schema/libraries/may-be-missing.ts'
import type { Schema } from '../../schema/schema.ts'
import { type Content, contentOf } from '../bodies/content-schema.ts'
import { type CompiledForm, compileForm } from './compiled-form.ts'

/** One way in which a body may be sent. */
export interface CompiledBodyContent {
  readonly schema: CompiledSchema
  /** The formats in which it may be sent. */
  readonly formats: readonly ReadFormat[]
  /** Validates what was sent. A form's fields are read by `form` instead. */
  readonly check: CheckJson
  readonly form: CompiledForm | undefined
  readonly mayBeMissing: () => boolean
}

/** Compiles one content of the body of `place`. */
export function compileBodyContent(source: Schema, place: string): CompiledBodyContent {
  const at = `"body" of ${place}`
  const schema = compileSchema(source, at, ['input'])
  const content = contentOf(source)
  const form = content?.form && compileForm(schema, content.form, at)
  return Object.freeze({
    schema,
    formats: form?.formats ?? [formatOf(content, at)],
    check: compileJsonCheck(schema, content === undefined || content.isJson === true),
    form,
    // Asked late, since the checks of a schema may use constants that its module has not yet initialised.
    mayBeMissing: once(() => form?.mayBeEmpty ?? mayBeMissing(schema, 'input')),
  })
}

function formatOf(content: Content | undefined, place: string): ReadFormat {
  if (content === undefined) return BODY_FORMATS.json
  const format = content.stream === undefined ? content.format : content.read
  if (format !== undefined) return format
  if (content.file !== undefined)
    throw new DefinitionError(`The ${place} is a file, which only a response can be: use bytes("${content.file}")`)
  if (content.oneOf !== undefined)
    throw new DefinitionError(`The ${place} is a "oneOf" inside of another: write all bodies into one`)
  throw new DefinitionError(
    `The ${place} is a stream of items, which only a response can be: give another schema, or read "stream()"`,
  )
}
