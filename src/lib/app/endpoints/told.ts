import { EndpointDisabledError } from '../../delivery/endpoints/errors/endpoint-disabled-error.ts'
import { EndpointLimitError } from '../../delivery/endpoints/errors/endpoint-limit-error.ts'
import { EndpointNotFoundError } from '../../delivery/endpoints/errors/endpoint-not-found-error.ts'
import { InvalidEndpointError } from '../../delivery/endpoints/errors/invalid-endpoint-error.ts'
import { RecoveryRunningError } from '../../delivery/endpoints/errors/recovery-running-error.ts'
import { TooManySecretsError } from '../../delivery/endpoints/errors/too-many-secrets-error.ts'
import { IdempotencyConflictError } from '../../delivery/idempotency-conflict-error.ts'
import { ReplayError } from '../../delivery/replay-error.ts'
import { HttpError } from '../../http/http-error.ts'
import { RequestValidationError } from '../../request/errors/request-validation-error.ts'
import type { ValidationCode } from '../../schema/codes/validation-code.ts'
import type { Location } from '../../schema/validation-error.ts'
import { notFound } from './owner-call.ts'

/** Which part of the request the engine may complain about, and which names in it. */
export interface Told {
  readonly in: Location
  readonly names: readonly string[]
}

/** What the owner is told in place of an error of the engine. */
export async function told<T>(work: () => Promise<T>, { in: part, names }: Told): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof InvalidEndpointError) throw invalid(error, part)
    if (error instanceof RangeError) {
      const name = /^"(\w+)/.exec(error.message)?.[1]
      if (name !== undefined && names.includes(name)) throw mistake(part, `#/${name}`, 'invalid', error.message)
    }
    throw problemOf(error) ?? error
  }
}

const invalid = ({ pointer, detail }: InvalidEndpointError, part: Location): RequestValidationError =>
  mistake(part, `#${pointer}`, pointer === '/url' ? 'destination' : 'invalid', detail)

const mistake = (part: Location, pointer: string, code: ValidationCode, detail: string): RequestValidationError =>
  new RequestValidationError([{ in: part, pointer, code, detail }])

const conflict = (code: string, detail: string): HttpError => new HttpError(409, detail, { code })

const REPLAYS = {
  missing: () => notFound('delivery'),
  'not-settled': () => conflict('already-waiting', 'The delivery waits to be sent already'),
  'endpoint-disabled': () => conflict('endpoint-disabled', 'The endpoint is disabled, or was deleted'),
  'bytes-purged': () => conflict('payload-erased', 'What was sent is erased, so that it cannot be sent again'),
}

function problemOf(error: unknown): HttpError | undefined {
  if (error instanceof EndpointNotFoundError) return notFound('endpoint')
  if (error instanceof EndpointLimitError)
    return conflict('endpoint-limit', 'There are as many endpoints as may be: delete one that is no longer needed')
  if (error instanceof IdempotencyConflictError)
    return conflict(
      'idempotency-key-reused',
      'The idempotency key was used for another request, or its secret has been rotated since: use a new key',
    )
  if (error instanceof EndpointDisabledError)
    return conflict('endpoint-disabled', 'The endpoint is disabled: enable it first')
  if (error instanceof RecoveryRunningError)
    return conflict('recovery-running', 'A recovery of the endpoint is running: wait until it is done')
  if (error instanceof TooManySecretsError) return tooManySecrets(error)
  return error instanceof ReplayError ? REPLAYS[error.reason]() : undefined
}

const tooManySecrets = ({ nextEnd }: TooManySecretsError): HttpError =>
  new HttpError(
    409,
    `Three secrets sign at present, and the next of them ends at ${nextEnd.toISOString()}: rotate after that, or with an overlap of 0 seconds`,
    { code: 'too-many-secrets', nextEnd: nextEnd.toISOString() },
  )
