import type { Expression } from '../../../expression/expression.ts'
import { parseExpression } from '../../../expression/parse.ts'
import { serializeJsonPointer } from '../../../json/json-pointer.ts'
import { type SchemaAt, schemaAt } from '../../schema/schema-at.ts'
import { typesOf } from '../../schema/schema-parts.ts'
import type { Misnamed } from './key-fault.ts'
import type { KeyScope } from './key-scope.ts'
import { nearestName } from './near-text.ts'

type BodyExpression = Extract<Expression, { kind: 'body' }>
type Missing = Extract<SchemaAt, { kind: 'missing' }>

/** The place that an expression was certainly meant to name, if there is just one that it can be. */
export function meantPointer(expression: BodyExpression, missing: Missing, scope: KeyScope): Misnamed['meant'] {
  const { pointer } = expression
  const as = (tokens: readonly string[]) => ({ ...expression, pointer: tokens })
  for (const tokens of [withNearName(pointer, missing), ...rewritten(pointer)])
    if (tokens !== undefined && isText(as(tokens), scope)) return { expression: as(tokens) }
  const before = pointer.slice(0, missing.index)
  // Text that was meant to follow the URL stands in the pointer.
  if (before.length > 0 && missing.declared.length === 0 && isText(as(before), scope))
    return { expression: as(before), following: serializeJsonPointer(pointer.slice(missing.index)) }
  if (expression.message === 'response') return undefined
  const name = pointer.at(-1)!
  const elsewhere = scope.pointerNamed(name)
  if (elsewhere !== undefined && isText(as(elsewhere), scope)) return { expression: as(elsewhere) }
  const [parameter, ...others] = pointer.length === 1 ? scope.parametersNamed(name) : []
  return parameter === undefined || others.length > 0 ? undefined : { expression: parseExpression(parameter) }
}

function withNearName(pointer: readonly string[], { name, index, declared }: Missing): string[] | undefined {
  const near = nearestName(name, declared)
  return near === undefined ? undefined : pointer.with(index, near)
}

/** `#/a.b` for `#/a/b`, `#/a/` for `#/a`, `#//a` for `#/a`. */
function rewritten(pointer: readonly string[]): string[][] {
  const filled = pointer.filter(token => token !== '')
  return [filled, filled.flatMap(token => token.split('.')).filter(token => token !== '')]
}

function isText({ message, pointer }: BodyExpression, { context }: KeyScope): boolean {
  const { document, requestBodies, responseBodies } = context!
  const at = schemaAt(document, message === 'request' ? requestBodies : responseBodies, pointer)
  if (at.kind !== 'found' || pointer.length === 0) return false
  return typesOf(at.parts)?.has('string') ?? true
}
