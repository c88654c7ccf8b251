import { unknownNameIn, unknownNameText } from '../definition/check-names.ts'
import type { RespondOptions } from './context.ts'

const OPTION_NAMES: Readonly<Record<keyof RespondOptions, true>> = { headers: true, cookies: true }

/** The result of `respond` or `redirect`: the parts of a response, not validated yet. */
export class RespondedResponse {
  readonly '~responded' = true
  readonly status: number
  readonly body: unknown
  readonly options: RespondOptions

  constructor(status: number, body: unknown, options: RespondOptions) {
    const unknown = unknownNameIn(options, OPTION_NAMES)
    if (unknown !== undefined) throw new TypeError(unknownNameText(unknown, OPTION_NAMES, 'the options of "respond"'))
    this.status = status
    this.body = body
    this.options = options
  }
}
