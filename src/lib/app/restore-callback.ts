import { evaluateUrlTemplate } from '../expression/evaluate-url-template.ts'
import type { Exchange } from '../expression/exchange.ts'
import { expressionText } from '../expression/serialize.ts'
import type { UrlTemplate, UrlTemplatePart } from '../expression/url-template.ts'
import type { CallbackData } from '../operation/bound-callback.ts'
import type { CallbackDefinition } from '../operation/callback-definition.ts'
import type { AnyCallback } from '../operation/check-callbacks.ts'
import type { CompiledCallback } from '../operation/compiled-callback.ts'
import { CallbackDataError } from './callback-data-error.ts'
import type { CallbackRuntime } from './callback-runtime.ts'
import type { OperationList } from './operation-list.ts'
import { type Deliverer, RequestCallback } from './request-callback.ts'

/** Gives the callback back that `toJSON` made the data of. Throws `CallbackDataError`. */
export function restoreCallback(
  definition: AnyCallback,
  data: unknown,
  operations: OperationList,
  runtime: CallbackRuntime,
): RequestCallback {
  const { operation, callback: name, template, values, recipient } = checkedData(data)
  const callback = operations.byId(operation)?.callbacks.find(callback => callback.name === name)
  if (callback === undefined)
    throw new CallbackDataError(`there is no callback "${name}" on an operation "${operation}"`)
  checkDefinition(callback, definition, template)
  const exchange = exchangeOf(callback.template, values)
  const target = evaluateUrlTemplate(callback.template, exchange)
  if ('missing' in target) throw new CallbackDataError(`the value of "${target.missing}" is missing`)
  if ('invalid' in target) throw new CallbackDataError(target.invalid)
  const verdict = runtime.judgeBase(target.base)
  if (!verdict.allowed) throw new CallbackDataError(verdict.text)
  const deliverer: Deliverer = { send: async make => runtime.engine.send(await make()) }
  const { url, base } = target
  return new RequestCallback(callback, operation, { url, base, recipient }, exchange, deliverer, runtime)
}

function checkedData(data: unknown): CallbackData {
  const { operation, callback, template, values, recipient } = (data ?? {}) as Partial<CallbackData>
  const whole = typeof operation === 'string' && typeof callback === 'string' && typeof template === 'string'
  const named = recipient === undefined || (typeof recipient === 'string' && recipient !== '')
  if (!whole || !named || typeof values !== 'object' || values === null)
    throw new CallbackDataError('the data is not what "toJSON" of a callback gives')
  return { operation, callback, template, values, recipient }
}

function checkDefinition(callback: CompiledCallback, definition: AnyCallback, template: string): void {
  if (callback.definition !== (definition as CallbackDefinition))
    throw new CallbackDataError(`the data belongs to another definition than the one given`)
  if (callback.url !== template)
    throw new CallbackDataError(`its URL was "${template}" when the data was made, and is "${callback.url}" now`)
}

/** An exchange that holds just the values that the template reads. */
function exchangeOf(template: UrlTemplate, values: Readonly<Record<string, unknown>>): Exchange {
  const request = { params: {}, query: {}, headers: {}, body: {} }
  const exchange = { url: '', method: '', request }
  for (const part of template.parts) if (part.kind !== 'literal') place(part, values[expressionText(part)], exchange)
  return exchange
}

type Expressive = Exclude<UrlTemplatePart, { kind: 'literal' }>

function place(
  part: Expressive,
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
