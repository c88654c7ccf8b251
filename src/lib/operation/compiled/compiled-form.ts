import type { ReadFormat } from '../../http/body/body-format.ts'
import type { FormLimits } from '../../http/form/form.ts'
import { MULTIPART, multipartBody, urlencodedBody } from '../../http/form/form-body.ts'
import type { CompiledSchema } from '../../schema/compiled-schema.ts'
import { fileTypesIn } from '../../schema/file-types.ts'
import { type JsonSchemaProperty, propertiesOf, typesOf } from '../../schema/json-schema.ts'
import { compileFormReader, type FormReader } from '../../schema/parameters/decode-parameters.ts'
import { checkShape } from './parameter-group.ts'

/** How a field is written, as the document says it (OpenAPI 3.1.1, "Encoding Object"). */
export interface FieldEncoding {
  readonly contentType?: string
  readonly style?: 'deepObject'
  readonly explode?: true
}

/** A form of an operation. */
export interface CompiledForm {
  readonly formats: readonly ReadFormat[]
  readonly fields: FormReader
  readonly takesFiles: boolean
  /** Whether all of its fields may be left out. */
  readonly mayBeEmpty: boolean
  /** How the document describes its fields under a media type. */
  encodingOf(mediaType: string): Readonly<Record<string, FieldEncoding>> | undefined
}

/** Compiles a form. Throws a `DefinitionError` where its schema is no object of fields. */
export function compileForm(schema: CompiledSchema, limits: Required<FormLimits>, place: string): CompiledForm {
  const { input } = schema
  const properties = propertiesOf(input, input)
  checkShape(schema, properties, 'form', place)
  const files = new Map<string, readonly string[]>()
  for (const [name, { schema: field }] of properties) {
    const types = fileTypesIn(field, input)
    if (types !== undefined) files.set(name, types)
  }
  const multipart = multipartBody(limits)
  const encoding = encodings(properties, files, schema)
  return Object.freeze({
    formats: files.size > 0 ? [multipart] : [urlencodedBody(limits), multipart],
    fields: compileFormReader(schema),
    takesFiles: files.size > 0,
    mayBeEmpty: [...properties.values()].every(({ required }) => !required),
    encodingOf: (mediaType: string) => encoding[mediaType === MULTIPART ? 'multipart' : 'urlencoded'],
  })
}

type Encodings = Readonly<Record<'multipart' | 'urlencoded', Readonly<Record<string, FieldEncoding>> | undefined>>

function encodings(
  properties: ReadonlyMap<string, JsonSchemaProperty>,
  files: ReadonlyMap<string, readonly string[]>,
  { input }: CompiledSchema,
): Encodings {
  const several = [...files].filter(([, types]) => types.length > 1 || types.some(type => type.includes('*')))
  const objects = [...properties].filter(([, { schema }]) => typesOf(schema, input).has('object'))
  return {
    multipart: filled(several.map(([name, types]) => [name, { contentType: types.join(', ') }])),
    urlencoded: filled(objects.map(([name]) => [name, { style: 'deepObject', explode: true }])),
  }
}

const filled = (entries: readonly (readonly [string, FieldEncoding])[]) =>
  entries.length === 0 ? undefined : Object.fromEntries(entries)
