import { isResponse } from '../http/is-response.ts'
import type { Answered, AnswerHeaders } from '../http/request-view.ts'
import type { CompiledOperation } from '../operation/compiled/compiled-operation.ts'
import type { CompiledResponse } from '../operation/compiled/compiled-responses.ts'
import { completed } from '../operation/problem.ts'
import { ResponseInvalidError } from '../operation/response-invalid-error.ts'
import type { CompiledSchema, Validated } from '../schema/compiled-schema.ts'
import { isStackOverflow } from '../schema/stack-overflow.ts'
import { validationErrors } from '../schema/validation-error.ts'
import { answerHeaders, readHeaders, writeHeaders } from './answer-headers.ts'
import { withPreparedHeaders } from './merge-headers.ts'
import { RespondedAnswer } from './respond.ts'

/** An answer with the value that its body was made of: what `$response` expressions read. */
export interface EncodedResponse {
  readonly answer: Answered
  readonly body: unknown
}

/**
 * Validates what a handler returned, removes what is not declared, and serialises it; `prepared` are the headers that were
 * set meanwhile. Gives a promise only where a schema's own validation does.
 */
export function encodeResponse(
  operation: CompiledOperation,
  returned: unknown,
  prepared: Headers | undefined,
): EncodedResponse | Promise<EncodedResponse> {
  if (isResponse(returned)) {
    const answer = prepared === undefined ? returned : withPreparedHeaders(returned, prepared)
    return { answer, body: undefined }
  }
  const main = operation.responses[0]!
  if (!(returned instanceof RespondedAnswer)) return encode(operation, main, returned, answerHeaders(prepared))
  const response = operation.responses.find(({ status }) => status === returned.status)
  if (response === undefined)
    throw new ResponseInvalidError(operation.operationId, `status ${returned.status} is not declared in "responses"`)
  return encode(operation, response, returned.body, answerHeaders(prepared, returned.options))
}

function encode(
  operation: CompiledOperation,
  response: CompiledResponse,
  returned: unknown,
  headers: AnswerHeaders,
): EncodedResponse | Promise<EncodedResponse> {
  if (isIterator(returned))
    throw new ResponseInvalidError(
      operation.operationId,
      'the handler returned an iterator, which JSON does not have: return a list of its values, or a Response with a stream',
    )
  const value = completed(response.body, response.status, returned)
  const checkedHeaders = response.headers && readHeaders(response.headers, headers)
  const { body } = response
  const checkedBody = value === undefined && body !== undefined ? checkNothing(body) : body?.validate(value)
  if (checkedHeaders instanceof Promise || checkedBody instanceof Promise)
    return Promise.all([checkedHeaders, checkedBody]).then(([settledHeaders, settledBody]) =>
      encodeChecked(operation, response, value, headers, settledHeaders, settledBody),
    )
  return encodeChecked(operation, response, value, headers, checkedHeaders, checkedBody)
}

/** Also a generator, which would be written as an object without properties. */
function isIterator(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (typeof (value as { next?: unknown }).next !== 'function') return false
  return Symbol.iterator in value || Symbol.asyncIterator in value
}

/** JSON has no undefined: nothing is null where the schema takes that, unless it puts something else in its place. */
function checkNothing(body: CompiledSchema): Validated | Promise<Validated> {
  const result = body.validate(undefined)
  const orNull = (nothing: Validated): Validated | Promise<Validated> => {
    if (nothing.issues === undefined && nothing.value !== undefined) return nothing
    const asNull = body.validate(null)
    const chosen = (checked: Validated): Validated => (checked.issues === undefined ? checked : nothing)
    return asNull instanceof Promise ? asNull.then(chosen) : chosen(asNull)
  }
  return result instanceof Promise ? result.then(orNull) : orNull(result)
}

function encodeChecked(
  operation: CompiledOperation,
  response: CompiledResponse,
  value: unknown,
  headers: AnswerHeaders,
  checkedHeaders: Validated | undefined,
  checkedBody: Validated | undefined,
): EncodedResponse {
  const { status } = response
  if (checkedHeaders !== undefined) writeHeaders(headers, validValue(operation, checkedHeaders, 'a header'))
  if (checkedBody === undefined) {
    if (value !== undefined && value !== null)
      throw new ResponseInvalidError(
        operation.operationId,
        `status ${status} has no declared body, but the handler returned one`,
      )
    return { answer: { status, headers, body: undefined }, body: undefined }
  }
  const { body, text } = write(operation, response, validValue(operation, checkedBody, 'the body'))
  headers['content-type'] ??= response.mediaType
  headers['x-content-type-options'] ??= 'nosniff'
  return { answer: { status, headers, body: text }, body }
}

/** What is sent of a validated value, and its JSON text. */
function write(
  operation: CompiledOperation,
  { prune }: CompiledResponse,
  value: unknown,
): { body: unknown; text: string } {
  try {
    const body = prune === undefined ? value : prune(value)
    const text = JSON.stringify(body) as string | undefined
    if (text !== undefined) return { body, text }
  } catch (thrown) {
    if (!isStackOverflow(thrown)) throw thrown
    throw new ResponseInvalidError(operation.operationId, 'the body is nested too deeply')
  }
  throw new ResponseInvalidError(
    operation.operationId,
    `the body would be ${typeof value}, which JSON does not have: return null and let the schema accept it, or declare no "response"`,
  )
}

function validValue(operation: CompiledOperation, result: Validated, what: string): unknown {
  if (result.issues === undefined) return result.value
  const [first] = validationErrors('body', result.issues)
  throw new ResponseInvalidError(operation.operationId, `${what} at "${first?.pointer}": ${first?.detail}`)
}
