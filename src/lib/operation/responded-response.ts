import type { RespondOptions } from './context.ts'

/** The result of `respond` or `redirect`: the parts of a response, not validated yet. */
export class RespondedResponse {
  readonly '~responded' = true
  readonly status: number
  readonly body: unknown
  readonly options: RespondOptions

  constructor(status: number, body: unknown, options: RespondOptions) {
    this.status = status
    this.body = body
    this.options = options
  }
}
