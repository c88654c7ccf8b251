import type { FileRoom } from '../http/body/body-format.ts'
import { trackedResponse } from '../http/body/tracked-response.ts'
import type { SpooledFiles } from '../http/form/spool.ts'
import { isResponse } from '../http/is-response.ts'
import type { AnyResponse } from '../http/request-view.ts'
import type { CompiledBodyContent } from '../operation/compiled/compiled-body-content.ts'
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
  content: CompiledBodyContent | undefined = undefined
  /** The content that the client has chosen, where it could. */
  chosen: CompiledContent | undefined = undefined
  encoded: EncodedResponse | undefined = undefined
  #files: SpooledFiles | undefined
  #bodyEnded: Promise<void> | undefined

  get operation(): CompiledOperation {
    return this.route
  }

  /** The body as it was sent, before defaults and conversions. */
  get sent(): unknown {
    return this.context['~raw']
  }

  /**
   * Room for the files of the request's form, which is given back when everything of the request has ended. A body that
   * nobody reads to its end keeps it until the application closes.
   */
  async openFiles(): Promise<SpooledFiles> {
    const files = await this.runtime.files.open()
    this.#files = files
    this.runtime.tasks.addLast(async () => {
      await this.items?.finished
      if (this.#bodyEnded === undefined) return files.remove()
      this.#bodyEnded
        .then(() => files.remove())
        .catch((error: unknown) => this.runtime.log.error('The files of a form could not be removed', { error }))
    }, this.view)
    return files
  }

  /** The response as it is handed over. One of the handler's own may read a file of the form while it is sent. */
  handedOver(response: AnyResponse): AnyResponse {
    if (this.#files === undefined || !isResponse(response)) return response
    const tracked = trackedResponse(response)
    this.#bodyEnded = tracked.ended
    return tracked.response
  }
}
