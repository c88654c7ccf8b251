import type { Clock } from '../clock.ts'
import type { DeclaredResponses, DeliveryRequest } from '../delivery/delivery-request.ts'
import type { SendSettings } from '../operation/bound-callback.ts'
import type { CompiledCallback } from '../operation/compiled-callback.ts'
import type { CompiledSchema } from '../schema/compiled-schema.ts'
import { compilePruning, type Pruning } from '../schema/prune.ts'
import { isStackOverflow } from '../schema/stack-overflow.ts'
import { type ValidationError, validationErrors } from '../schema/validation-error.ts'
import { CallbackArgumentError } from './callback-argument-error.ts'

/** The options of `send` as the run time reads them. */
export interface AnySendOptions extends SendSettings {
  readonly headers?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
}

/** Where a request goes: the composed URL and the base URL that stood at its beginning. */
export interface CallbackTarget {
  readonly url: string
  readonly base: string
}

/**
 * Makes the request of a callback: validates body, headers and query parameters once and serialises them, so that
 * every attempt sends the same. Throws `CallbackArgumentError`.
 */
export async function callbackRequest(
  callback: CompiledCallback,
  operationId: string,
  target: CallbackTarget,
  body: unknown,
  options: AnySendOptions,
  clock: Clock,
): Promise<DeliveryRequest> {
  const errors: ValidationError[] = []
  const bytes = await bodyBytes(callback, body, errors)
  const headers = await parameterTexts(callback, 'headers', options.headers, errors)
  const query = await parameterTexts(callback, 'query', options.query, errors)
  if (errors.length > 0) throw new CallbackArgumentError(callback.name, errors)
  const { recipient, idempotencyKey, orderingKey, at, delayMs } = options
  const { retryDelaysSeconds, timeoutMs, retryOnInvalidResponse, onResponse } = callback.options
  const due = at?.getTime() ?? (delayMs === undefined ? undefined : clock.now() + delayMs)
  return {
    operation: operationId,
    callback: callback.name,
    method: callback.method.toUpperCase(),
    url: withQuery(target.url, query),
    destination: target.base,
    headers,
    responses: declaredResponses(callback),
    ...(bytes !== undefined && { body: bytes }),
    ...(recipient !== undefined && { recipient }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    ...(orderingKey !== undefined && { orderingKey }),
    ...(due !== undefined && { at: due }),
    ...(retryDelaysSeconds !== undefined && { retryDelaysSeconds }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(retryOnInvalidResponse !== undefined && { retryOnInvalidResponse }),
    ...(onResponse !== undefined && { hasOnResponse: true }),
  }
}

async function bodyBytes(
  callback: CompiledCallback,
  body: unknown,
  errors: ValidationError[],
): Promise<Uint8Array | undefined> {
  if (callback.body === undefined) return undefined
  const result = await callback.body.validate(body)
  if (result.issues !== undefined) errors.push(...validationErrors('body', result.issues))
  else
    try {
      return Buffer.from(JSON.stringify(pruningOf(callback.body)(result.value)))
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

async function parameterTexts(
  callback: CompiledCallback,
  key: 'headers' | 'query',
  values: Readonly<Record<string, unknown>> = {},
  errors: ValidationError[],
): Promise<Record<string, string>> {
  const group = callback.parameters.find(group => group.key === key)
  if (group === undefined) return texts(values)
  const result = await group.schema.validate(values)
  if (result.issues === undefined) return texts(pruningOf(group.schema)(result.value) as typeof values)
  errors.push(...validationErrors(group.location, result.issues))
  return {}
}

function texts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const present = Object.entries(values).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(present.map(([name, value]) => [name, String(value)]))
}

function withQuery(url: string, query: Readonly<Record<string, string>>): string {
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
