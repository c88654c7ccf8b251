import { longestUrl } from '../delivery/prepare-delivery.ts'
import { evaluateUrlTemplate } from '../expression/evaluate-url-template.ts'
import type { Exchange } from '../expression/exchange.ts'
import { readsResponse } from '../expression/reads-response.ts'
import { expressionText } from '../expression/serialize.ts'
import type { UrlTemplatePart } from '../expression/url-template.ts'
import { serializeJsonPointer } from '../json/json-pointer.ts'
import type { CompiledCallback } from '../operation/compiled/compiled-callback.ts'
import type { CompiledOperation } from '../operation/compiled/compiled-operation.ts'
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
  request: BoundRequest,
  deliverer: Deliverer,
  runtime: CallbackRuntime,
  errors: ValidationError[],
): RequestCallbacks {
  const { operationId } = operation
  const { exchange, recipient } = request
  const bound: Record<string, RequestCallback | LateCallback | undefined> = {}
  for (const callback of operation.callbacks) {
    const target = targetOf(callback, operationId, exchange, runtime, errors)
    if (target === undefined) bound[callback.name] = undefined
    else if (callback.late) bound[callback.name] = new LateCallback(callback, recipient, runtime)
    else {
      const to = { url: target.url, base: target.base, recipient }
      bound[callback.name] = new RequestCallback(callback, operationId, to, exchange, deliverer, runtime)
    }
  }
  return bound
}

/** Where the callback goes, as far as the request says it. */
function targetOf(
  callback: CompiledCallback,
  operationId: string,
  exchange: Exchange,
  runtime: CallbackRuntime,
  errors: ValidationError[],
): { readonly url: string; readonly base: string } | undefined {
  const [first] = callback.template.parts
  const target = evaluateUrlTemplate(callback.early, exchange)
  if ('missing' in target) {
    runtime.onSkipped({ operation: operationId, callback: callback.name, expression: target.missing })
    return undefined
  }
  if ('invalid' in target) {
    addError(errors, partAt(callback, target.expression), target.invalid)
    return undefined
  }
  if (Math.max(target.url.length, target.base.length) > longestUrl) {
    addError(errors, first, `The URL is longer than ${longestUrl} characters`)
    return undefined
  }
  if (callback.late && readsResponse(first)) return target
  const verdict = runtime.judgeBase(target.base)
  if (verdict.allowed) return target
  addError(errors, first, verdict.text)
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
