import { longestUrl } from '../delivery/prepare-delivery.ts'
import { evaluateUrlTemplate } from '../expression/evaluate-url-template.ts'
import type { Exchange } from '../expression/exchange.ts'
import { expressionText } from '../expression/serialize.ts'
import type { UrlTemplatePart } from '../expression/url-template.ts'
import { serializeJsonPointer } from '../json-pointer.ts'
import type { CompiledCallback } from '../operation/compiled-callback.ts'
import type { CompiledOperation } from '../operation/compiled-operation.ts'
import type { ValidationError } from '../schema/validation-error.ts'
import type { CallbackRuntime } from './callback-runtime.ts'
import { LateCallback } from './late-callback.ts'
import { type Deliverer, RequestCallback } from './request-callback.ts'

/** What the handler gets as `callbacks`. */
export type RequestCallbacks = Readonly<Record<string, RequestCallback | LateCallback | undefined>>

/** What callbacks are bound to: what their URLs read, and the tenant whose request it is. */
export interface BoundRequest {
  readonly exchange: Exchange
  readonly recipient: string | undefined
}

/**
 * Binds the callbacks of an operation to a request. A URL that cannot be, or that the static part of the destination
 * rules refuses, is added to `errors` at the parameter that held it.
 */
export function bindCallbacks(
  operation: CompiledOperation,
  { exchange, recipient }: BoundRequest,
  deliverer: Deliverer,
  runtime: CallbackRuntime,
  errors: ValidationError[],
): RequestCallbacks {
  const bound: Record<string, RequestCallback | LateCallback | undefined> = {}
  for (const callback of operation.callbacks)
    bound[callback.name] = callback.late
      ? new LateCallback(callback, recipient, runtime)
      : bind(callback, operation.operationId, { exchange, recipient }, deliverer, runtime, errors)
  return bound
}

function bind(
  callback: CompiledCallback,
  operationId: string,
  { exchange, recipient }: BoundRequest,
  deliverer: Deliverer,
  runtime: CallbackRuntime,
  errors: ValidationError[],
): RequestCallback | undefined {
  const target = evaluateUrlTemplate(callback.template, exchange)
  if ('missing' in target) {
    runtime.onSkipped({ operation: operationId, callback: callback.name, expression: target.missing })
    return undefined
  }
  if ('invalid' in target) {
    addError(errors, partAt(callback, target.expression), target.invalid)
    return undefined
  }
  if (Math.max(target.url.length, target.base.length) > longestUrl) {
    addError(errors, callback.template.parts[0], `The URL is longer than ${longestUrl} characters`)
    return undefined
  }
  const verdict = runtime.judgeBase(target.base)
  const { url, base } = target
  if (verdict.allowed)
    return new RequestCallback(callback, operationId, { url, base, recipient }, exchange, deliverer, runtime)
  addError(errors, callback.template.parts[0], verdict.text)
  return undefined
}

const partAt = ({ template }: CompiledCallback, expression: string | undefined): UrlTemplatePart | undefined =>
  template.parts.find(part => part.kind !== 'literal' && expressionText(part) === expression) ?? template.parts[0]

/** Several callbacks often read one parameter: it is blamed once. */
function addError(errors: ValidationError[], part: UrlTemplatePart | undefined, detail: string): void {
  const place = placeOf(part)
  if (errors.some(error => error.in === place.in && error.pointer === place.pointer)) return
  errors.push({ ...place, detail })
}

function placeOf(part: UrlTemplatePart | undefined): Pick<ValidationError, 'in' | 'pointer'> {
  switch (part?.kind) {
    case 'query':
    case 'path':
    case 'header':
      return { in: part.kind, pointer: `#${serializeJsonPointer([part.name])}` }
    case 'body':
      return { in: 'body', pointer: `#${serializeJsonPointer(part.pointer)}` }
    default:
      return { in: 'path', pointer: '#' }
  }
}
