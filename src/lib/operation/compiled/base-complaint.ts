import type { Expression } from '../../expression/expression.ts'
import { type JsonSchema, typesOf } from '../../schema/json-schema.ts'
import { schemaAtPointer } from '../../schema/schema-at-pointer.ts'
import type { DeclaredParameters, DeclaredSources } from './declared-sources.ts'

/** Why the expression at the beginning of a URL can never be a base URL: what it reads is not text. */
export function baseComplaint(expression: Expression, sources: DeclaredSources): string | undefined {
  if (expression.kind === 'method' || expression.kind === 'status-code') return `which is not a URL: ${REMEDY}`
  const found = schemaOf(expression, sources)
  if (found === undefined) return undefined
  const types = typesOf(found.schema, found.root)
  if (types.has('string')) return undefined
  const names = [...types].filter(type => type !== 'null').join(' or ')
  return `which is declared as ${names}, and no ${names} is a URL: ${REMEDY}`
}

const REMEDY = 'declare text, such as z.url()'

interface Found {
  readonly schema: JsonSchema
  readonly root: JsonSchema
}

function schemaOf(expression: Expression, sources: DeclaredSources): Found | undefined {
  switch (expression.kind) {
    case 'query':
      return sources.query.get(expression.name)
    case 'path':
      return sources.path.get(expression.name)
    case 'header':
      return headersOf(expression.message, sources).get(expression.name.toLowerCase())
    case 'body':
      return inBody(expression.message === 'request' ? sources.body : sources.responseBody, expression.pointer)
    default:
      return undefined
  }
}

const headersOf = (message: 'request' | 'response', sources: DeclaredSources): DeclaredParameters =>
  message === 'request' ? sources.header : sources.responseHeader

function inBody(root: JsonSchema | undefined, pointer: readonly string[]): Found | undefined {
  const found = root && schemaAtPointer(root, pointer)
  return root !== undefined && found?.kind === 'found' ? { schema: found.schema, root } : undefined
}
