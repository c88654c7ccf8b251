import { bindCallbacks, type RequestCallbacks } from '../callback/bind-callbacks.ts'
import { checkedRecipient } from '../callback/checked-recipient.ts'
import { LateCallback } from '../callback/late-callback.ts'
import { RequestDeliveries } from '../callback/request-deliveries.ts'
import type { Exchange } from '../expression/exchange.ts'
import { isResponse } from '../http/is-response.ts'
import type { Answered, RequestView } from '../http/request-view.ts'
import { isThenable } from '../is-thenable.ts'
import type { CompiledOperation } from '../operation/compiled/compiled-operation.ts'
import type { ValidationError } from '../schema/validation-error.ts'
import type { AppRuntime } from './app-runtime.ts'
import { requestExchange } from './callback-exchange.ts'
import { decodeParameters, RequestTexts } from './decode-parameters.ts'
import { type OpenGenerators, RequestGenerators } from './dependency-scope.ts'
import { type EncodedResponse, encodeResponse } from './encode-response.ts'
import { readJsonBody, validateBody } from './read-json-body.ts'
import { RequestContext } from './request-context.ts'
import { resolveDependencies } from './resolve-dependencies.ts'
import { ValidationFailure, validationProblem } from './validation-failure.ts'

/**
 * Answers one request to an operation, from its bytes to the answer's: dependencies, parameters, body, callbacks,
 * handler, response; then deliveries are stored in one commit, and what lives for the handler is cleaned up.
 * Throws what goes wrong on the way; then nothing was stored.
 */
export function runOperation(
  operation: CompiledOperation,
  view: RequestView,
  path: Readonly<Record<string, string>>,
  runtime: AppRuntime,
): Promise<Answered> {
  if (!runtime.sends()) return run(operation, view, path, runtime, undefined)
  const deliveries = new RequestDeliveries(runtime.callbacks)
  return runtime.current.run(deliveries, run, operation, view, path, runtime, deliveries)
}

function run(
  operation: CompiledOperation,
  view: RequestView,
  path: Readonly<Record<string, string>>,
  runtime: AppRuntime,
  deliveries: RequestDeliveries | undefined,
): Promise<Answered> {
  const context = new RequestContext(view, runtime.app, runtime.log, runtime.tasks)
  const texts = new RequestTexts(view, path, operation.namesOfOthers)
  if (operation.allDependencies.length === 0) return answer(operation, texts, context, runtime, deliveries, [])
  return answerWithDependencies(operation, texts, context, runtime, deliveries)
}

async function answerWithDependencies(
  operation: CompiledOperation,
  texts: RequestTexts,
  context: RequestContext,
  runtime: AppRuntime,
  deliveries: RequestDeliveries | undefined,
): Promise<Answered> {
  const generators = new RequestGenerators()
  try {
    const errors: ValidationError[] = []
    const request = { context, texts, generators, errors, ...runtime.dependencies }
    const values = await resolveDependencies(operation, request)
    const open = generators.handler
    const answered = await answer(operation, texts, context.with(values), runtime, deliveries, errors, open)
    if (!generators.response.empty) runtime.tasks.add(() => generators.response.close(), context['~view'])
    return answered
  } catch (thrown) {
    deliveries?.discard()
    throw await closedWith(thrown, generators, runtime)
  }
}

/** Lets the generators see the error; one of them may put another in its place. */
async function closedWith(thrown: unknown, generators: RequestGenerators, runtime: AppRuntime): Promise<unknown> {
  let current = thrown
  for (const open of [generators.handler, generators.response])
    await open.close({ thrown: current }).catch((other: unknown) => {
      current = other
    })
  if (current !== thrown) runtime.log.debug('A dependency replaced an error', { error: thrown })
  return current
}

async function answer(
  operation: CompiledOperation,
  texts: RequestTexts,
  context: RequestContext,
  runtime: AppRuntime,
  deliveries: RequestDeliveries | undefined,
  errors: ValidationError[],
  open?: OpenGenerators,
): Promise<Answered> {
  const { body, parameters, bodyLimits } = operation
  const { bodyRules } = runtime
  const sent = body && (await readJsonBody(context['~view'], bodyRules, bodyLimits.bodyLimitValues))
  context.params = texts.params
  const decoding = decodeParameters(parameters, texts, context, errors)
  if (decoding !== undefined) await decoding
  if (body !== undefined) {
    const validated = validateBody(body, sent, bodyRules.coerceJson, errors)
    context.body = validated instanceof Promise ? await validated : validated
  }
  const bound =
    deliveries && operation.callbacks.length > 0
      ? prepareCallbacks(operation, context, texts, sent, runtime, deliveries, errors)
      : undefined
  context.callbacks = bound?.callbacks ?? NO_CALLBACKS
  if (errors.length > 0) {
    if (runtime.errorHandlers.empty && open === undefined) return validationProblem(errors)
    throw new ValidationFailure(errors)
  }
  try {
    const returned = operation.handler(context)
    const encoding = encodeResponse(operation, isThenable(returned) ? await returned : returned, context['~prepared'])
    const encoded = encoding instanceof Promise ? await encoding : encoding
    const storing = deliveries && storeDeliveries(operation, bound, deliveries, encoded, open?.empty === false)
    if (storing !== undefined) await storing
    if (open !== undefined && !open.empty) {
      await open.close()
      await deliveries?.makeDue()
    }
    return encoded.answer
  } catch (error) {
    discardDeliveries(bound, deliveries)
    await deliveries?.takeBack()
    throw error
  }
}

const NO_CALLBACKS = Object.freeze({})

/** The callbacks of a request, and what the URLs of those that read the response read beside it. */
interface PreparedCallbacks {
  readonly callbacks: RequestCallbacks
  readonly exchange: Exchange
}

function prepareCallbacks(
  operation: CompiledOperation,
  context: RequestContext,
  texts: RequestTexts,
  body: unknown,
  runtime: AppRuntime,
  deliveries: RequestDeliveries,
  errors: ValidationError[],
): PreparedCallbacks {
  const exchange = requestExchange(context['~view'], texts, body, operation.callbacks)
  // Where parameters are wrong, a dependency that reads them has no value, and nothing is sent.
  const recipient = errors.length > 0 ? undefined : checkedRecipient(context['~recipient'])
  const callbacks = bindCallbacks(operation, { exchange, recipient }, deliveries, runtime.callbacks(), errors)
  return { callbacks, exchange }
}

function storeDeliveries(
  operation: CompiledOperation,
  bound: PreparedCallbacks | undefined,
  deliveries: RequestDeliveries,
  encoded: EncodedResponse,
  hold: boolean,
): Promise<unknown> | undefined {
  const late = lateOf(bound)
  if (bound === undefined || late.length === 0) return deliveries.commit(hold)
  return resolveLate(late, operation, bound.exchange, deliveries, encoded).then(() => deliveries.commit(hold))
}

async function resolveLate(
  late: readonly LateCallback[],
  operation: CompiledOperation,
  exchange: Exchange,
  deliveries: RequestDeliveries,
  { answer, body }: EncodedResponse,
): Promise<void> {
  for (const callback of late) {
    const headers = isResponse(answer) ? Object.fromEntries(answer.headers) : answer.headers
    const complete = {
      url: exchange.url,
      method: exchange.method,
      request: exchange.request,
      response: { status: answer.status, headers, body },
    }
    await callback.resolve(operation.operationId, complete, deliveries)
  }
}

function discardDeliveries(bound: PreparedCallbacks | undefined, deliveries: RequestDeliveries | undefined): void {
  for (const callback of lateOf(bound)) callback.discard()
  deliveries?.discard()
}

function lateOf(bound: PreparedCallbacks | undefined): LateCallback[] {
  if (bound === undefined) return []
  return Object.values(bound.callbacks).filter(callback => callback instanceof LateCallback)
}
