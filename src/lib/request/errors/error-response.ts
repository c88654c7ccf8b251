import { CallbackResponseError } from '../../callback/callback-response-error.ts'
import { AttemptHeadersError } from '../../delivery/attempt/attempt-headers-error.ts'
import { TooManyCallsError } from '../../delivery/attempt/too-many-calls-error.ts'
import { EndpointDisabledError } from '../../delivery/endpoints/errors/endpoint-disabled-error.ts'
import { EndpointLimitError } from '../../delivery/endpoints/errors/endpoint-limit-error.ts'
import { EndpointNotFoundError } from '../../delivery/endpoints/errors/endpoint-not-found-error.ts'
import { InvalidEndpointError } from '../../delivery/endpoints/errors/invalid-endpoint-error.ts'
import { RecoveryRunningError } from '../../delivery/endpoints/errors/recovery-running-error.ts'
import { TooManySecretsError } from '../../delivery/endpoints/errors/too-many-secrets-error.ts'
import { IdempotencyConflictError } from '../../delivery/idempotency-conflict-error.ts'
import { MasterSecretUnknownError } from '../../delivery/keys/master-secret-unknown-error.ts'
import { StoreOutcomeUnknownError } from '../../delivery/store-outcome-unknown-error.ts'
import { StoreUnavailableError } from '../../delivery/store-unavailable-error.ts'
import { DestinationRefusedError } from '../../destination/destination-refused-error.ts'
import { CallbackTimeoutError } from '../../destination/transport/callback-timeout-error.ts'
import { CallbackUnreachableError } from '../../destination/transport/callback-unreachable-error.ts'
import { HttpError } from '../../http/http-error.ts'
import { isResponse } from '../../http/is-response.ts'
import { problemResponse } from '../../http/problem-details.ts'
import type { PlainResponse } from '../../http/request-view.ts'
import type { AppRuntime } from '../app-runtime.ts'
import type { RequestErrorContext } from './request-error-context.ts'
import { validationProblem } from './request-validation-error.ts'

type ErrorFields = Pick<RequestErrorContext, 'fields'>

type ErrorClass = new (...args: never[]) => Error

interface Rule {
  readonly error: ErrorClass
  readonly status: number
  /** What the client may know. */
  readonly detail: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What the client is told about errors that are not mistakes of the program: one row for each. */
const RULES: readonly Rule[] = [
  {
    error: StoreUnavailableError,
    status: 503,
    detail: 'The request could not be stored; nothing has happened, so send it again',
    headers: { 'retry-after': '1' },
  },
  {
    error: MasterSecretUnknownError,
    status: 503,
    detail: 'The server cannot store or sign anything right now; nothing has happened',
  },
  {
    error: TooManyCallsError,
    status: 503,
    detail: 'The callback could not be made: too many are already waiting, so try again later',
    headers: { 'retry-after': '1' },
  },
  {
    // No Retry-After: clients that obey it automatically would do the work twice.
    error: StoreOutcomeUnknownError,
    status: 503,
    detail: 'It is not known whether the request was stored; send it again only if doing it twice does no harm',
  },
  { error: IdempotencyConflictError, status: 409, detail: 'The idempotency key was used for another message' },
  { error: EndpointNotFoundError, status: 404, detail: 'There is no such endpoint' },
  { error: EndpointLimitError, status: 409, detail: 'There are as many endpoints as there may be: delete one first' },
  { error: EndpointDisabledError, status: 409, detail: 'The endpoint is disabled' },
  { error: RecoveryRunningError, status: 409, detail: 'A recovery of this endpoint is running: wait until it is done' },
  { error: TooManySecretsError, status: 409, detail: 'As many secrets of this endpoint sign as may: rotate it later' },
  {
    error: DestinationRefusedError,
    status: 502,
    detail: 'The callback could not be made: its destination is not allowed',
  },
  {
    error: AttemptHeadersError,
    status: 502,
    detail: 'The callback could not be made: its headers could not be had',
  },
  {
    error: CallbackTimeoutError,
    status: 502,
    detail: 'The callback could not be made: the receiver did not respond in time',
  },
  {
    error: CallbackUnreachableError,
    status: 502,
    detail: 'The callback could not be made: the receiver could not be reached',
  },
  {
    error: CallbackResponseError,
    status: 502,
    detail: 'The callback could not be made: the receiver gave an unexpected response',
  },
]

/**
 * The response to an error: a problem. An error that is not meant for the client is a 500 without details; the log gets
 * the error itself, under the id that the problem names.
 */
export function errorResponse(
  error: unknown,
  { log, onFailure }: Pick<AppRuntime, 'log' | 'onFailure'>,
  context: ErrorFields,
): PlainResponse {
  if (error instanceof HttpError) return problemResponse(error.status, error.message, error.extra, { ...error.headers })
  if (isHttpException(error)) return problemResponse(error.status, error.message || undefined)
  // A handler that registers what its client has sent need not check it once more
  if (error instanceof InvalidEndpointError)
    return validationProblem([{ in: 'body', pointer: `#${error.pointer}`, code: 'invalid', detail: error.detail }])
  const { fields } = context
  const rule = RULES.find(rule => error instanceof rule.error)
  if (rule !== undefined) {
    log.warn(`A request got a response with status ${rule.status}`, { ...fields, error })
    return problemResponse(rule.status, rule.detail, { request_id: fields.requestId }, { ...rule.headers })
  }
  log.error('A request failed', { ...fields, error })
  onFailure?.(error)
  return problemResponse(500, 'The server failed; the error has been logged', { request_id: fields.requestId })
}

/** Hono's `HTTPException`, from any copy of Hono: helpers that middleware and handlers share throw it. */
interface HttpException extends Error {
  readonly status: number
  readonly res?: Response
}

const isHttpException = (error: unknown): error is HttpException =>
  error instanceof Error &&
  'getResponse' in error &&
  typeof error.getResponse === 'function' &&
  'status' in error &&
  Number.isInteger(error.status) &&
  Number(error.status) >= 200 &&
  Number(error.status) <= 599

/** The response that an `HTTPException` brings along; a copy, since one exception may be thrown for several requests. */
export const exceptionResponse = (error: unknown): Response | undefined =>
  isHttpException(error) && isResponse(error.res) && !error.res.bodyUsed ? error.res.clone() : undefined
