import type { FileRoom } from '../http/body/body-format.ts'
import type { SpooledFiles } from '../http/form/spool.ts'
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
export class OperationRun extends RequestRun implements FileRoom {
  declare readonly route: CompiledOperation
  /** The content that the request's media type names; undefined where no body is declared. */
  content: CompiledContent | undefined = undefined
  encoded: EncodedResponse | undefined = undefined

  get operation(): CompiledOperation {
    return this.route
  }

  /** The body as it was sent, before defaults and conversions. */
  get sent(): unknown {
    return this.context['~raw']
  }

  /** Room for the files of the request's form, which is given back when everything of the request has ended. */
  async openFiles(): Promise<SpooledFiles> {
    const files = await this.runtime.files.open()
    this.runtime.tasks.addLast(async () => {
      await this.items?.finished
      await files.remove()
    }, this.view)
    return files
  }
}
