import type { CompiledCallback } from '../operation/compiled/compiled-callback.ts'
import type { ParameterObject } from './objects/parameter-object.ts'
import type { SchemaObject } from './objects/schema-object.ts'
import type { SchemaComponents } from './schemas/schema-components.ts'

/**
 * Documents which values must not be empty: the ones that the URLs of an operation's callbacks read. From an empty one
 * no URL can be made.
 */
export function requireTexts(
  callbacks: readonly CompiledCallback[],
  parameters: readonly ParameterObject[],
  bodies: readonly SchemaObject[],
  schemas: SchemaComponents,
): void {
  for (const part of callbacks.flatMap(({ template }) => template.parts)) {
    if (part.kind === 'body' && part.message === 'request')
      for (const body of bodies) schemas.requireText(body, part.pointer)
    if (part.kind !== 'query' && part.kind !== 'path' && part.kind !== 'header') continue
    if (part.kind === 'header' && part.message === 'response') continue
    const same = (name: string) => (part.kind === 'header' ? name.toLowerCase() : name)
    const read = parameters.find(parameter => parameter.in === part.kind && same(parameter.name) === same(part.name))
    if (read?.schema !== undefined) schemas.requireText(read.schema, [])
  }
}
