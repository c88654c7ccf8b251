import type { Clock } from '../clock.ts'
import type { DeclaredResponses, DeliveryRequest } from '../delivery/delivery-request.ts'
import type { SendSettings } from '../operation/bound-callback.ts'
import type { CompiledCallback } from '../operation/compiled/compiled-callback.ts'
import type { CompiledSchema, Validated } from '../schema/compiled-schema.ts'
import { compilePruning, type Pruning } from '../schema/prune.ts'
import { isStackOverflow } from '../schema/stack-overflow.ts'
import { type ValidationError, validationErrors } from '../schema/validation-error.ts'
import { CallbackArgumentError } from './callback-argument-error.ts'
import { checkSendOptions } from './check-send-options.ts'

/** The options of `send` as the run time reads them. */
export interface AnySendOptions extends SendSettings {
  readonly headers?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
}

/** Where a request goes, the composed URL and the base URL that stood at its beginning, and for whom. */
export interface CallbackTarget {
  readonly url: string
  readonly base: string
  /** The tenant whose request it is, unless `send` names another. */
  readonly recipient: string | undefined
}

/**
 * Makes the request of a callback: validates body, headers and query parameters once and serialises them, so that
 * every attempt sends the same. Throws `CallbackArgumentError`. Gives a promise only where the validation of a schema does.
 */
export function callbackRequest(
  callback: CompiledCallback,
  operationId: string,
  target: CallbackTarget,
  body: unknown,
  options: AnySendOptions,
  clock: Clock,
): DeliveryRequest | Promise<DeliveryRequest> {
  checkSendOptions(callback.name, options)
  const checked = callback.body?.validate(body)
  const headers = checkedParameters(callback, 'headers', options.headers)
  const query = checkedParameters(callback, 'query', options.query)
  const make = (checked: Validated | undefined, headers: Validated | undefined, query: Validated | undefined) => {
    const errors: ValidationError[] = []
    const bytes = checked && bodyBytes(callback, checked, errors)
    const headerTexts = parameterTexts(callback, 'headers', headers, options.headers, errors)
    const queryTexts = parameterTexts(callback, 'query', query, options.query, errors)
    if (errors.length > 0) throw new CallbackArgumentError(callback.name, errors)
    return deliveryRequest(
      callback,
      operationId,
      target,
      { body: bytes, headers: headerTexts, query: queryTexts },
      options,
      clock,
    )
  }
  if (checked instanceof Promise || headers instanceof Promise || query instanceof Promise)
    return Promise.all([checked, headers, query]).then(all => make(...all))
  return make(checked, headers, query)
}

/** What is sent, as text and bytes. */
interface Content {
  readonly body: Uint8Array | undefined
  readonly headers: Texts
  readonly query: Texts
}

function deliveryRequest(
  callback: CompiledCallback,
  operationId: string,
  target: CallbackTarget,
  { body, headers, query }: Content,
  { recipient = target.recipient, idempotencyKey, orderingKey, at, delayMs }: AnySendOptions,
  clock: Clock,
): DeliveryRequest {
  const { retryDelaysSeconds, timeoutMs, retryOnInvalidResponse, onResponse } = callback.options
  return {
    operation: operationId,
    callback: callback.name,
    method: callback.method.toUpperCase(),
    url: withQuery(target.url, query),
    destination: target.base,
    recipient,
    headers,
    body,
    responses: declaredResponses(callback),
    at: at?.getTime() ?? (delayMs === undefined ? undefined : clock.now() + delayMs),
    idempotencyKey,
    orderingKey,
    retryDelaysSeconds,
    timeoutMs,
    retryOnInvalidResponse,
    hasOnResponse: onResponse !== undefined,
  }
}

function bodyBytes({ body }: CompiledCallback, checked: Validated, errors: ValidationError[]): Uint8Array | undefined {
  if (checked.issues !== undefined) errors.push(...validationErrors('body', checked.issues))
  else
    try {
      // A body that may be missing is nothing where it is undefined.
      return body && checked.value !== undefined
        ? Buffer.from(JSON.stringify(pruningOf(body)(checked.value)))
        : undefined
    } catch (thrown) {
      if (!isStackOverflow(thrown)) throw thrown
      errors.push({ in: 'body', pointer: '#', detail: 'The value is nested too deeply' })
    }
  return undefined
}

const prunings = new WeakMap<object, Pruning>()

/** What leaves us holds only what is declared, here too. */
function pruningOf(schema: CompiledSchema): Pruning {
  const known = prunings.get(schema)
  if (known !== undefined) return known
  const pruning = compilePruning(schema.output)
  prunings.set(schema, pruning)
  return pruning
}

type Texts = Readonly<Record<string, string>>

const noTexts: Texts = Object.freeze({})

type ParameterPart = 'headers' | 'query'
type Values = Readonly<Record<string, unknown>>

const groupOf = ({ parameters }: CompiledCallback, key: ParameterPart) => parameters.find(group => group.key === key)

function checkedParameters(callback: CompiledCallback, key: ParameterPart, values: Values | undefined) {
  return groupOf(callback, key)?.schema.validate(values ?? {})
}

function parameterTexts(
  callback: CompiledCallback,
  key: ParameterPart,
  checked: Validated | undefined,
  values: Values | undefined,
  errors: ValidationError[],
): Texts {
  const group = groupOf(callback, key)
  if (group === undefined || checked === undefined) return values === undefined ? noTexts : texts(values)
  if (checked.issues === undefined) return texts(pruningOf(group.schema)(checked.value) as Values)
  errors.push(...validationErrors(group.location, checked.issues))
  return noTexts
}

function texts(values: Values): Texts {
  const present = Object.entries(values).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(present.map(([name, value]) => [name, String(value)]))
}

function withQuery(url: string, query: Texts): string {
  if (Object.keys(query).length === 0) return url
  const made = new URL(url)
  for (const [name, value] of Object.entries(query)) made.searchParams.append(name, value)
  return made.href
}

const responses = new WeakMap<CompiledCallback, DeclaredResponses>()

/** One object for each callback, so that its text is made once. */
function declaredResponses(callback: CompiledCallback): DeclaredResponses {
  let declared = responses.get(callback)
  if (declared === undefined) {
    declared = Object.fromEntries(
      callback.answers.map(({ key, body }) => [key, body === undefined ? {} : { schema: body.input }]),
    )
    responses.set(callback, declared)
  }
  return declared
}
