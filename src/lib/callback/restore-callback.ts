import { evaluateUrlTemplate } from '../expression/evaluate-url-template.ts'
import type { Exchange } from '../expression/exchange.ts'
import type { Expression } from '../expression/expression.ts'
import { expressionText } from '../expression/serialize.ts'
import { isExpression, type UrlTemplate } from '../expression/url-template.ts'
import type { CallbackData } from '../operation/bound-callback.ts'
import type { CallbackDefinition } from '../operation/callback-definition.ts'
import type { AnyCallback } from '../operation/check-callbacks.ts'
import { CallbackDataError } from './callback-data-error.ts'
import type { CallbackRuntime } from './callback-runtime.ts'
import type { Deliverer } from './deliverer.ts'
import { findAttached } from './find-attached.ts'
import { RequestCallback } from './request-callback.ts'
import { sendAtOnce } from './request-deliveries.ts'

/**
 * Restores a callback from the data that its `toJSON` gave. What it sends joins the deliveries of the current request;
 * outside of one it is stored at once. Throws `CallbackDataError`.
 */
export function restoreCallback(definition: AnyCallback, data: unknown, runtime: CallbackRuntime): RequestCallback {
  const kept = checkedData(data)
  const { operationId, callback } = findAttached(definition as CallbackDefinition, kept, runtime.operations)
  const exchange = exchangeOf(callback.template, kept.values)
  const target = evaluateUrlTemplate(callback.early, exchange)
  if ('missing' in target) throw new CallbackDataError(missingValue(target.missing, kept.template, callback.url))
  if ('invalid' in target) throw new CallbackDataError(target.invalid)
  const verdict = runtime.judgeBase(target.base)
  if (!verdict.allowed) throw new CallbackDataError(verdict.text)
  const atOnce: Deliverer = { send: (make, transaction) => sendAtOnce(runtime.engine, make, transaction) }
  const deliverer: Deliverer = {
    send: (make, transaction) => (runtime.current.getStore() ?? atOnce).send(make, transaction),
  }
  const { url, base } = target
  const request = { operationId, exchange, recipient: kept.recipient, deliverer, runtime }
  return new RequestCallback(callback, { url, base, exchange, request })
}

function checkedData(data: unknown): CallbackData {
  const { operation, callback, id, template, values, recipient } = (data ?? {}) as Partial<CallbackData>
  const whole = typeof operation === 'string' && typeof callback === 'string' && typeof template === 'string'
  const hasId = id === undefined || typeof id === 'string'
  const named = recipient === undefined || (typeof recipient === 'string' && recipient !== '')
  if (!whole || !hasId || !named || typeof values !== 'object' || values === null)
    throw new CallbackDataError('the data is not what "toJSON" of a callback returns')
  return { operation, callback, id, template, values, recipient }
}

function missingValue(expression: string, before: string, now: string): string {
  const missing = `the value of "${expression}" is missing`
  return before === now ? missing : `${missing}; its URL was "${before}" when the data was made, and is "${now}" now`
}

/** An exchange with only the values that the template reads. */
function exchangeOf(template: UrlTemplate, values: Readonly<Record<string, unknown>>): Exchange {
  const request = { params: {}, query: {}, headers: {}, body: {} }
  const exchange = { url: '', method: '', request }
  for (const part of template.parts) if (isExpression(part)) place(part, values[expressionText(part)], exchange)
  return exchange
}

function place(
  part: Expression,
  value: unknown,
  exchange: { url: string; method: string; request: Record<string, unknown> },
): void {
  switch (part.kind) {
    case 'url':
    case 'method':
      exchange[part.kind] = String(value)
      break
    case 'query':
      set(exchange.request, ['query', part.name], value)
      break
    case 'path':
      set(exchange.request, ['params', part.name], value)
      break
    case 'header':
      set(exchange.request, ['headers', part.name.toLowerCase()], value)
      break
    case 'body':
      set(exchange.request, ['body', ...part.pointer], value)
      break
    default:
      throw new CallbackDataError('its URL reads the response')
  }
}

function set(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let here = target
  for (const name of path.slice(0, -1)) {
    if (!Object.hasOwn(here, name)) Object.defineProperty(here, name, { value: {}, enumerable: true })
    here = here[name] as Record<string, unknown>
  }
  Object.defineProperty(here, path.at(-1) ?? '', { value, enumerable: true })
}
