import fc from 'fast-check'
import type { OpenApiDocument, OperationObject } from 'ringback/openapi'
import { resolved, valuesOf } from './values-of.ts'

type Json = Readonly<Record<string, unknown>>

/** A body that is not JSON, with its media type where that is not of the body itself. */
export class EncodedBody {
  readonly type: string | undefined
  readonly bytes: FormData | URLSearchParams | string

  constructor(type: string | undefined, bytes: FormData | URLSearchParams | string) {
    this.type = type
    this.bytes = bytes
  }
}

/** Bodies that fit an operation in the first of its media types, where JSON is none of them. */
export function encodedBodyOf(
  operation: OperationObject,
  document: OpenApiDocument,
): fc.Arbitrary<EncodedBody> | undefined {
  const content = operation.requestBody?.content ?? {}
  const [type] = Object.keys(content)
  if (type === undefined || 'application/json' in content) return undefined
  const schema = resolved(content[type]?.schema ?? {}, document as unknown as Json)
  if (schema['type'] !== 'object') return fc.string().map(bytes => new EncodedBody(type, bytes))
  return valuesOf(schema, document as unknown as Json).map(
    value => new EncodedBody(undefined, formOf(type, schema, value as Json)),
  )
}

function formOf(type: string, { properties = {} }: Json, value: Json): FormData | URLSearchParams {
  const form = type === 'multipart/form-data' ? new FormData() : new URLSearchParams()
  for (const [name, property] of Object.entries(value)) {
    const { items, ...own } = (properties as Readonly<Record<string, Json>>)[name] ?? {}
    const isFile = [own, items as Json | undefined].some(schema => schema?.['format'] === 'binary')
    for (const item of [property].flat())
      if (form instanceof FormData && isFile)
        form.append(name, new Blob([String(item)], { type: 'text/plain' }), 'a.txt')
      else form.append(name, String(item).toWellFormed())
  }
  return form
}
