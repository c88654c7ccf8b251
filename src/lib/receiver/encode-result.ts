import { NO_CONTENT } from '../http/no-content.ts'
import { PROBLEM_TYPE } from '../http/problem-details.ts'
import type { MessageResponse } from '../operation/compiled/compiled-message.ts'
import { completed, mediaTypeOf } from '../operation/problem.ts'
import { ResponseInvalidError } from '../operation/response-invalid-error.ts'
import type { Validated } from '../schema/compiled-schema.ts'
import { compilePruning } from '../schema/prune.ts'
import { validationErrors } from '../schema/validation-error.ts'
import type { CompiledReceiver } from './compiled-receiver.ts'
import type { StoredResponse } from './dedupe/dedupe.ts'
import type { ReceiverRespondOptions } from './received.ts'

/** What `respond` made. It is validated when the handler has returned it. */
export class RespondedResult {
  readonly '~received' = true
  readonly status: number
  readonly body: unknown
  readonly options: ReceiverRespondOptions

  constructor(status: number, body: unknown, options: ReceiverRespondOptions = {}) {
    this.status = status
    this.body = body
    this.options = options
  }
}

/** As much of a response is kept, as a sender of Ringback keeps of it. */
const mostCharacters = 65_536

/** Makes the response of what a handler returned. Throws `ResponseInvalidError` where it is not as declared. */
export type EncodeResult = (result: unknown) => StoredResponse | Promise<StoredResponse>

/**
 * Compiles the writing of responses. What is sent is the value that the handler gave, without what is not declared: the
 * schema reads it at the sender, so what it makes of the value is not sent.
 */
export function compileEncodeResult({ name, message }: CompiledReceiver): EncodeResult {
  const prunings = new Map(
    message.responses.map(({ status, body }) => [status, body && compilePruning(body.input)] as const),
  )
  const encode = ({ status, body, options }: RespondedResult, declared: MessageResponse) => {
    const value = completed(declared.body, status, body)
    const written = (checked: Validated | undefined): StoredResponse => {
      if (checked?.issues !== undefined) throw new ResponseInvalidError(name, `the body ${issueText(checked)}`)
      const text = declared.body && JSON.stringify(prunings.get(declared.status)?.(value) ?? value)
      if (text !== undefined && text.length > mostCharacters)
        throw new ResponseInvalidError(name, `the body has more than ${mostCharacters} characters`)
      return { status, headers: headersOf(options, declared, text), body: text }
    }
    const checked = declared.body?.validate(value)
    return checked instanceof Promise ? checked.then(written) : written(checked)
  }
  return result => {
    const responded = result instanceof RespondedResult ? result : mainResult(message.responses[0]!, result)
    const declared =
      message.responses.find(({ status }) => status === String(responded.status)) ??
      anySuccess(message.responses[0]!, responded)
    if (declared !== undefined) return encode(responded, declared)
    throw new ResponseInvalidError(name, `status ${responded.status} is not declared in "responses"`)
  }
}

/** Where nothing is declared, any 2xx acknowledges the message. */
const mainResult = ({ status }: MessageResponse, body: unknown): RespondedResult =>
  new RespondedResult(status === '2XX' ? 204 : Number(status), body)

const anySuccess = (main: MessageResponse, { status }: RespondedResult): MessageResponse | undefined =>
  main.status === '2XX' && Math.trunc(status / 100) === 2 ? main : undefined

function headersOf(
  { headers = {} }: ReceiverRespondOptions,
  { body, status }: MessageResponse,
  text: string | undefined,
): Record<string, string> {
  const given = Object.fromEntries(new Headers(headers))
  if (text === undefined || NO_CONTENT.has(Number(status))) return given
  const mediaType = mediaTypeOf(body?.source)
  const type = mediaType === PROBLEM_TYPE ? PROBLEM_TYPE : 'application/json'
  return { 'content-type': type, 'x-content-type-options': 'nosniff', ...given }
}

function issueText({ issues = [] }: Validated): string {
  const [first] = validationErrors('body', issues)
  return `at "${first?.pointer}": ${first?.detail}`
}
