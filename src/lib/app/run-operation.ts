import type { Exchange } from '../expression/exchange.ts'
import { isResponse } from '../http/is-response.ts'
import type { Answered, RequestView } from '../http/request-view.ts'
import type { CompiledOperation } from '../operation/compiled-operation.ts'
import type { ValidationError } from '../schema/validation-error.ts'
import type { AppRuntime } from './app-runtime.ts'
import { bindCallbacks, type RequestCallbacks } from './bind-callbacks.ts'
import { requestExchange } from './callback-exchange.ts'
import { decodeParameters, RequestTexts } from './decode-parameters.ts'
import { RequestGenerators } from './dependency-scope.ts'
import { type EncodedResponse, encodeResponse } from './encode-response.ts'
import { LateCallback } from './late-callback.ts'
import { readJsonBody, validateBody } from './read-json-body.ts'
import { RequestContext } from './request-context.ts'
import { RequestDeliveries } from './request-deliveries.ts'
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
  const context = new RequestContext(view, runtime.app, runtime.log, runtime.tasks)
  const texts = new RequestTexts(view, path, operation.namesOfOthers)
  if (operation.allDependencies.length === 0) return answer(operation, view, texts, context, runtime, [])
  return answerWithDependencies(operation, view, texts, context, runtime)
}

async function answerWithDependencies(
  operation: CompiledOperation,
  view: RequestView,
  texts: RequestTexts,
  context: RequestContext,
  runtime: AppRuntime,
): Promise<Answered> {
  const generators = new RequestGenerators()
  try {
    const errors: ValidationError[] = []
    const request = { context, texts, generators, errors, ...runtime.dependencies }
    const values = await resolveDependencies(operation.dependencies, request)
    const answered = await answer(operation, view, texts, context.with(values), runtime, errors, () =>
      generators.handler.close(),
    )
    if (!generators.response.empty) runtime.tasks.add(() => generators.response.close(), view)
    return answered
  } catch (thrown) {
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
  view: RequestView,
  texts: RequestTexts,
  context: RequestContext,
  runtime: AppRuntime,
  errors: ValidationError[],
  beforeAnswer?: () => Promise<void>,
): Promise<Answered> {
  const { body, parameters, callbacks: declared, bodyLimits } = operation
  const { bodyRules } = runtime
  const sent = body && (await readJsonBody(view, bodyRules, bodyLimits.bodyLimitValues))
  context.params = texts.params
  const decoding = decodeParameters(parameters, texts, context, errors)
  if (decoding !== undefined) await decoding
  if (body !== undefined) {
    const validated = validateBody(body, sent, bodyRules.coerceJson, errors)
    context.body = validated instanceof Promise ? await validated : validated
  }
  const callbacks = declared.length === 0 ? undefined : prepareCallbacks(operation, view, texts, sent, runtime, errors)
  context.callbacks = callbacks?.bound ?? NO_CALLBACKS
  if (errors.length > 0) {
    if (runtime.errorHandlers.empty && beforeAnswer === undefined) return validationProblem(errors)
    throw new ValidationFailure(errors)
  }
  try {
    const returned = operation.handler(context)
    const encoding = encodeResponse(operation, isThenable(returned) ? await returned : returned, context['~prepared'])
    const encoded = encoding instanceof Promise ? await encoding : encoding
    const storing = callbacks && storeDeliveries(operation, callbacks, encoded, runtime)
    if (storing !== undefined) await storing
    if (beforeAnswer !== undefined) await beforeAnswer()
    return encoded.answer
  } catch (error) {
    if (callbacks !== undefined) discardDeliveries(callbacks)
    throw error
  }
}

/** Also what is no promise but can be awaited, such as a query. */
const isThenable = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

const NO_CALLBACKS = Object.freeze({})

interface PreparedCallbacks {
  readonly bound: RequestCallbacks
  readonly deliveries: RequestDeliveries
  readonly exchange: Exchange
}

function prepareCallbacks(
  operation: CompiledOperation,
  view: RequestView,
  texts: RequestTexts,
  body: unknown,
  runtime: AppRuntime,
  errors: ValidationError[],
): PreparedCallbacks {
  const callbackRuntime = runtime.callbacks()
  const deliveries = new RequestDeliveries(callbackRuntime.engine, callbackRuntime.log)
  const exchange = requestExchange(view, texts, body, operation.callbacks)
  return { bound: bindCallbacks(operation, exchange, deliveries, callbackRuntime, errors), deliveries, exchange }
}

function storeDeliveries(
  operation: CompiledOperation,
  prepared: PreparedCallbacks,
  encoded: EncodedResponse,
  runtime: AppRuntime,
): Promise<unknown> | undefined {
  const late = lateOf(prepared.bound)
  return late.length === 0 ? prepared.deliveries.commit() : storeWithLate(late, operation, prepared, encoded, runtime)
}

async function storeWithLate(
  late: readonly LateCallback[],
  operation: CompiledOperation,
  { deliveries, exchange }: PreparedCallbacks,
  { answer, body }: EncodedResponse,
  runtime: AppRuntime,
): Promise<void> {
  for (const callback of late) {
    const headers = isResponse(answer) ? Object.fromEntries(answer.headers) : answer.headers
    const complete = {
      url: exchange.url,
      method: exchange.method,
      request: exchange.request,
      response: { status: answer.status, headers, body },
    }
    await callback.resolve(operation.operationId, complete, deliveries, runtime.callbacks())
  }
  await deliveries.commit()
}

function discardDeliveries({ bound, deliveries }: PreparedCallbacks): void {
  for (const callback of lateOf(bound)) callback.discard()
  deliveries.discard()
}

const lateOf = (bound: RequestCallbacks): LateCallback[] =>
  Object.values(bound).filter(callback => callback instanceof LateCallback)
