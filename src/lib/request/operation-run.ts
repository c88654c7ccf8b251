import type { AnyResponse } from '../http/request-view.ts'
import type { CompiledContent } from '../operation/compiled/compiled-content.ts'
import type { CompiledOperation } from '../operation/compiled/compiled-operation.ts'
import { RequestRun } from './request-run.ts'

/** A response with the value that its body was made from, which `$response` expressions read. */
export interface EncodedResponse {
  readonly response: AnyResponse
  readonly body: unknown
}

/** One request on its way to an operation's handler and back. */
export class OperationRun extends RequestRun {
  declare readonly route: CompiledOperation
  /** The content that the client has chosen, where it could. */
  content: CompiledContent | undefined = undefined
  encoded: EncodedResponse | undefined = undefined

  get operation(): CompiledOperation {
    return this.route
  }

  /** The body as it was sent, before defaults and conversions. */
  get sent(): unknown {
    return this.context['~raw']
  }
}
