import { type JsonSchema, schemasUnder } from './json-schema.ts'
import { possiblePartsOf, schemasIn } from './schema-parts.ts'

/**
 * The media types that the files of a form's field may have, empty for any; undefined where the field, or an item of it,
 * is no file.
 */
export function fileTypesIn(field: JsonSchema, root: JsonSchema): readonly string[] | undefined {
  const parts = possiblePartsOf([field], root)
  const files = parts.filter(({ format }) => format === 'binary')
  if (files.length > 0) return mediaTypesOf(parts)
  const items = possiblePartsOf(schemasIn(parts, 'items'), root)
  return items.some(({ format }) => format === 'binary') ? mediaTypesOf(items) : undefined
}

const mediaTypesOf = (parts: readonly JsonSchema[]): readonly string[] => [
  ...new Set(parts.map(part => part['contentMediaType']).filter(type => typeof type === 'string')),
]

/** Whether the branches of a union only name the media types of a file. */
export function namesMediaTypes(schema: JsonSchema): boolean {
  const branches = schemasUnder(schema, 'anyOf')
  const isType = (branch: JsonSchema) => Object.keys(branch).join() === 'contentMediaType'
  return schema['format'] === 'binary' && branches.length > 0 && branches.every(isType)
}
