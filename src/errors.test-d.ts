import * as errors from './errors.ts'

// Compiles, or the types are wrong: nothing runs here.

// The error of an invalid request is an `HttpError`, with its code.
type Classes = Omit<typeof errors, 'RingbackError' | 'RequestValidationError'>
type AnyError = InstanceType<Classes[keyof Classes]>
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
declare function same<A, B>(equal: Same<A, B>): void
declare function never(value: never): never

// Every class has a literal code, the same on the class and on its instances, and no two share one.
type ClassOf<Code> = { [Name in keyof Classes]: Classes[Name]['code'] extends Code ? Name : never }[keyof Classes]
same<Classes[keyof Classes]['code'], AnyError['code']>(true)
same<{ [Name in keyof Classes]: ClassOf<Classes[Name]['code']> }, { [Name in keyof Classes]: Name }>(true)

// A switch over what `call` throws narrows to the class, by literals and by the static codes, and can be exhaustive.
type CallError =
  | errors.CallbackTimeoutError
  | errors.CallbackUnreachableError
  | errors.CallbackResponseError
  | errors.DestinationRefusedError
  | errors.TooManyCallsError

export function retryIsWorthwhile(error: CallError): boolean {
  switch (error.code) {
    case 'ERR_CALLBACK_TIMEOUT':
    case errors.TooManyCallsError.code:
      return true
    case errors.CallbackUnreachableError.code:
      return error.reason !== 'tls'
    case 'ERR_DESTINATION_REFUSED':
      return !error.permanent
    case errors.CallbackResponseError.code:
      return false
    default:
      return never(error)
  }
}

// One that forgets a code is not exhaustive.
export function forgetful(error: errors.CallbackTimeoutError | errors.TooManyCallsError): boolean {
  switch (error.code) {
    case errors.CallbackTimeoutError.code:
      return true
    default:
      // @ts-expect-error TooManyCallsError is left
      return never(error)
  }
}

// So are the reasons where one class has several.
export function words(reason: errors.CallbackUnreachableError['reason']): string {
  switch (reason) {
    case 'dns':
    case 'refused':
    case 'reset':
    case 'tls':
    case 'route':
    case 'connect':
    case 'protocol':
    case 'proxy':
      return reason
    default:
      return never(reason)
  }
}

export function replayable(reason: errors.ReplayError['reason']): boolean {
  switch (reason) {
    case 'missing':
    case 'bytes-purged':
    case 'endpoint-disabled':
      return false
    case 'not-settled':
      return true
    default:
      return never(reason)
  }
}

// @ts-expect-error A code that no class has
export const unknown: AnyError['code'] = 'ERR_UNKNOWN'

// The base stays what any code may be, so that `instanceof RingbackError` gives a string.
same<errors.RingbackError['code'], string>(true)
