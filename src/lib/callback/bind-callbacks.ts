import { evaluateUrlTemplate } from '../expression/evaluate-url-template.ts'
import { readsResponse } from '../expression/reads-response.ts'
import { expressionText } from '../expression/serialize.ts'
import { isExpression, type UrlTemplatePart } from '../expression/url-template.ts'
import { serializeJsonPointer } from '../json/json-pointer.ts'
import type { CompiledCallback } from '../operation/compiled/compiled-callback.ts'
import type { ValidationError } from '../schema/validation-error.ts'
import { longestUrl } from '../url/longest-url.ts'
import type { BoundRequest, CallbackTarget } from './bound-request.ts'
import type { CallbackRuntime } from './callback-runtime.ts'
import { LateCallback } from './late-callback.ts'
import { RequestCallback } from './request-callback.ts'

/** The handler's `callbacks`. */
export type RequestCallbacks = Readonly<Record<string, RequestCallback | LateCallback | undefined>>

/**
 * Binds callbacks to a request. An invalid URL, or one that the static destination rules refuse, is added to `errors`
 * at the parameter that it came from.
 */
export function bindCallbacks(
  callbacks: readonly CompiledCallback[],
  request: BoundRequest,
  errors: ValidationError[],
): RequestCallbacks {
  const bound: Record<string, RequestCallback | LateCallback | undefined> = {}
  for (const callback of callbacks) {
    const target = targetOf(callback, request, errors)
    if (target === undefined) bound[callback.name] = undefined
    else if (callback.late) bound[callback.name] = new LateCallback(callback, request)
    else bound[callback.name] = new RequestCallback(callback, target)
  }
  return bound
}

/** Where the callback goes, as far as the request decides it. */
function targetOf(
  callback: CompiledCallback,
  request: BoundRequest,
  errors: ValidationError[],
): CallbackTarget | undefined {
  const { operationId: operation, runtime } = request
  const [first] = callback.template.parts
  const target = evaluateUrlTemplate(callback.early, request.exchange)
  if ('missing' in target) {
    runtime.onSkipped({ operation, callback: callback.name, expression: target.missing })
    return undefined
  }
  if ('invalid' in target) {
    addError(errors, partAt(callback, target.expression), { code: 'format', detail: target.invalid })
    return undefined
  }
  const { url, base } = target
  const problem = tooLong(target) ?? (callback.late && readsResponse(first) ? undefined : refusal(base, runtime))
  if (problem === undefined) return { url, base, exchange: request.exchange, request }
  addError(errors, first, problem)
  return undefined
}

type Mistake = Pick<ValidationError, 'code' | 'detail'>

const tooLong = ({ url, base }: Pick<CallbackTarget, 'url' | 'base'>): Mistake | undefined =>
  Math.max(url.length, base.length) > longestUrl
    ? { code: 'maxLength', detail: `The URL is longer than ${longestUrl} characters` }
    : undefined

function refusal(base: string, runtime: CallbackRuntime): Mistake | undefined {
  const verdict = runtime.judgeBase(base)
  return verdict.allowed ? undefined : { code: 'destination', detail: verdict.text }
}

const partAt = ({ template }: CompiledCallback, expression: string | undefined): UrlTemplatePart | undefined =>
  template.parts.find(part => isExpression(part) && expressionText(part) === expression) ?? template.parts[0]

/** Several callbacks often read one parameter: it is reported once. */
function addError(errors: ValidationError[], part: UrlTemplatePart | undefined, mistake: Mistake): void {
  const place = placeOf(part)
  if (errors.some(error => error.in === place.in && error.pointer === place.pointer)) return
  errors.push({ ...place, ...mistake })
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
