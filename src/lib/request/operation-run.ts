import type { Answered } from '../http/request-view.ts'
import type { CompiledOperation } from '../operation/compiled/compiled-operation.ts'
import { RequestRun } from './request-run.ts'

/** An answer with the value that its body was made of: what `$response` expressions read. */
export interface EncodedResponse {
  readonly answer: Answered
  readonly body: unknown
}

/** One request on its way to an operation's handler and back. */
export class OperationRun extends RequestRun {
  declare readonly route: CompiledOperation
  /** The body as it was sent, before defaults and conversions. */
  sent: unknown = undefined
  encoded: EncodedResponse | undefined = undefined

  get operation(): CompiledOperation {
    return this.route
  }
}
