import { DefinitionError } from '../../definition/definition-error.ts'
import type { JsonSchema } from '../../schema/json-schema.ts'
import type { Schema } from '../../schema/schema.ts'
import { contentOf } from '../bodies/content-schema.ts'
import { type CompiledBodyContent, compileBodyContent } from './compiled-body-content.ts'

/** The body of an operation's requests. */
export interface CompiledBody {
  /** The contents among which the `Content-Type` chooses; the first one is used where a request names none. */
  readonly contents: readonly [CompiledBodyContent, ...CompiledBodyContent[]]
  /** What the expressions of callbacks may read. */
  readonly input: JsonSchema
  /** Whether a form among them may hold files. */
  readonly takesFiles: boolean
  readonly mayBeMissing: () => boolean
}

/** Compiles a body. Throws a `DefinitionError` that names the `place`. */
export function compileBody(schema: Schema, place: string): CompiledBody {
  const content = contentOf(schema)
  const bodies = content?.oneOf ?? [schema]
  const contents = bodies.map(body => compileBodyContent(body, place)) as [
    CompiledBodyContent,
    ...CompiledBodyContent[],
  ]
  checkTypes(contents, place)
  return Object.freeze({
    contents,
    input: contents.length === 1 ? contents[0].schema.input : inputOf(contents),
    takesFiles: contents.some(({ form }) => form?.takesFiles === true),
    mayBeMissing: () => contents.some(content => content.mayBeMissing()),
  })
}

/** Nothing could choose between two bodies of one media type. */
function checkTypes(contents: readonly CompiledBodyContent[], place: string): void {
  const types = contents.flatMap(({ formats }) => formats.map(({ mediaType }) => mediaType))
  const twice = types.find((type, index) => types.indexOf(type) !== index)
  if (twice !== undefined)
    throw new DefinitionError(
      `"body" of ${place} has two bodies of "${twice}", which nothing tells apart: give one schema that is a union`,
    )
}

/** Any of them, with the named schemas of all. */
function inputOf(contents: readonly CompiledBodyContent[]): JsonSchema {
  const definitions: Record<string, unknown> = {}
  const anyOf = contents.map(({ schema }) => {
    const { $defs = {}, ...input } = schema.input
    Object.assign(definitions, $defs)
    return input
  })
  return { anyOf, $defs: definitions }
}
