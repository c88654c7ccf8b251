import { mediaTypeEssence } from '../../http/media-type.ts'
import type { BodyContent, ResponseHeaders } from '../../http/request-view.ts'
import { isThenable } from '../../is-thenable.ts'
import { SentFile } from '../../operation/bodies/sent-file.ts'
import type { CompiledContent, CompiledStream } from '../../operation/compiled/compiled-content.ts'
import type { CompiledResponse } from '../../operation/compiled/compiled-responses.ts'
import { completed } from '../../operation/problem.ts'
import { ResponseInvalidError } from '../../operation/response-invalid-error.ts'
import type { CompiledSchema, Validated } from '../../schema/compiled-schema.ts'
import { isStackOverflow } from '../../schema/stack-overflow.ts'
import { validationErrors } from '../../schema/validation-error.ts'
import type { EncodedResponse, OperationRun } from '../operation-run.ts'
import { readHeaders, setHeader, writeHeaders } from '../response-headers.ts'

/** A declared response that is being made. */
export class ResponseDraft {
  readonly #run: OperationRun
  readonly #declared: CompiledResponse
  readonly #content: CompiledContent
  readonly #headers: ResponseHeaders

  constructor(run: OperationRun, declared: CompiledResponse, headers: ResponseHeaders) {
    this.#run = run
    this.#declared = declared
    this.#content = declared.choices === undefined ? declared : (run.chosen ?? declared)
    this.#headers = headers
  }

  /** Of what the handler returned, what belongs to the chosen content. */
  encode(returned: unknown): EncodedResponse | Promise<EncodedResponse> {
    if (this.#declared.choices === undefined) return this.#encodeContent(returned)
    const value = this.#valueOfChoice(returned)
    setHeader(this.#headers, 'vary', 'accept')
    return isThenable(value)
      ? Promise.resolve(value).then(given => this.#encodeContent(given))
      : this.#encodeContent(value)
  }

  #valueOfChoice(returned: unknown): unknown {
    const { mediaType } = this.#content
    const name = Object.keys(returned ?? {}).find(name => mediaTypeEssence(name) === mediaTypeEssence(mediaType))
    if (typeof returned !== 'object' || returned === null || name === undefined)
      throw this.#invalid(
        `the handler returned nothing for "${mediaType}": return an object with a value or a function for each media type`,
      )
    const value = (returned as Readonly<Record<string, unknown>>)[name]
    return typeof value === 'function' ? (value() as unknown) : value
  }

  #encodeContent(returned: unknown): EncodedResponse | Promise<EncodedResponse> {
    const { headers, status } = this.#declared
    const { body, stream, isFile } = this.#content
    if (stream !== undefined) return this.#encodeStream(returned, stream)
    if (isFile) return this.#encodeFile(returned)
    this.#refuseUnwritable(returned)
    const value = completed(body, status, returned)
    const checkedHeaders = headers && readHeaders(headers, this.#headers)
    const checkedBody = value === undefined && body !== undefined ? checkNothing(body) : body?.validate(value)
    if (checkedHeaders instanceof Promise || checkedBody instanceof Promise)
      return Promise.all([checkedHeaders, checkedBody]).then(([settledHeaders, settledBody]) =>
        this.#encodeChecked(value, settledHeaders, settledBody),
      )
    return this.#encodeChecked(value, checkedHeaders, checkedBody)
  }

  /** Its items are checked one by one as they are sent; its headers are those set when it begins. */
  #encodeStream(returned: unknown, stream: CompiledStream): EncodedResponse | Promise<EncodedResponse> {
    const { headers, status } = this.#declared
    if (!isIterable(returned))
      throw this.#invalid('the handler returned no items: return a generator, or anything that can be iterated')
    const { runtime, context } = this.#run
    const items = runtime.streams.begin(
      returned,
      stream.format,
      data => this.#checkedItem(data, stream),
      // A generator that waits for something else is told by its `signal`.
      () => context['~endsWithStream']().abort(),
    )
    this.#run.items = items
    const finish = (checked: Validated | undefined): EncodedResponse => {
      if (checked !== undefined) writeHeaders(this.#headers, this.#valid(checked, 'a header'))
      for (const [name, value] of Object.entries(stream.format.headers)) this.#headers[name] ??= value
      this.#headers['content-type'] ??= stream.format.mediaType
      this.#headers['x-content-type-options'] ??= 'nosniff'
      return { response: { status, headers: this.#headers, body: items }, body: undefined }
    }
    const checked = headers && readHeaders(headers, this.#headers)
    return checked instanceof Promise ? checked.then(finish) : finish(checked)
  }

  /** Its own status gives way to those of parts, and of a file that the client has. */
  async #encodeFile(returned: unknown): Promise<EncodedResponse> {
    const { headers, status } = this.#declared
    const { mediaType } = this.#content
    const { view } = this.#run
    if (!(returned instanceof SentFile))
      throw this.#invalid('the handler returned no file: return sendFile(path), or sendFile(bytes)')
    const checked = headers && (await readHeaders(headers, this.#headers))
    if (checked !== undefined) writeHeaders(this.#headers, this.#valid(checked, 'a header'))
    const { fileToSend } = await import('./file-to-send.ts')
    const sent = await fileToSend(returned, mediaType, view, this.#headers)
    if (sent.body !== undefined && !(sent.body instanceof Uint8Array)) this.#run.items = sent.body
    const response = { status: sent.status === 200 ? status : sent.status, headers: this.#headers, body: sent.body }
    return { response, body: undefined }
  }

  /** What would be written as an object without properties. */
  #refuseUnwritable(returned: unknown): void {
    if (returned instanceof SentFile)
      throw this.#invalid('the handler returned a file: declare it, with "response: fileResponse()"')
    if (isIterator(returned))
      throw this.#invalid(
        'the handler returned an iterator, which JSON does not have: return a list of its values, or a Response with a stream',
      )
  }

  #checkedItem(data: unknown, { item, prune }: CompiledStream): unknown {
    if (item === undefined) return data
    const finish = (checked: Validated): unknown => {
      const valid = this.#valid(checked, 'an item')
      return prune === undefined ? valid : prune(valid)
    }
    const checked = item.validate(data)
    return checked instanceof Promise ? checked.then(finish) : finish(checked)
  }

  #encodeChecked(
    value: unknown,
    checkedHeaders: Validated | undefined,
    checkedBody: Validated | undefined,
  ): EncodedResponse {
    const { status } = this.#declared
    const { mediaType, format } = this.#content
    const headers = this.#headers
    if (checkedHeaders !== undefined) writeHeaders(headers, this.#valid(checkedHeaders, 'a header'))
    if (checkedBody === undefined) {
      if (value !== undefined && value !== null)
        throw this.#invalid(`status ${status} has no declared body, but the handler returned one`)
      return { response: { status, headers, body: undefined }, body: undefined }
    }
    const { body, content } = this.#write(this.#valid(checkedBody, 'the body'))
    headers['content-type'] ??= format.contentType ?? mediaType
    headers['x-content-type-options'] ??= 'nosniff'
    return { response: { status, headers, body: content }, body }
  }

  /** What is sent for a validated value, and how it is written. */
  #write(value: unknown): { body: unknown; content: BodyContent } {
    const { prune, format } = this.#content
    try {
      const body = prune === undefined ? value : prune(value)
      const content = format.write(body)
      if (content !== undefined) return { body, content }
    } catch (thrown) {
      if (!isStackOverflow(thrown)) throw thrown
      throw this.#invalid('the body is nested too deeply')
    }
    throw this.#invalid(
      `the body would be ${typeof value}, which JSON does not have: return null and let the schema accept it, or declare no "response"`,
    )
  }

  #valid(result: Validated, what: string): unknown {
    if (result.issues === undefined) return result.value
    const [first] = validationErrors('body', result.issues)
    throw this.#invalid(`${what} at "${first?.pointer}": ${first?.detail}`)
  }

  #invalid(reason: string): ResponseInvalidError {
    return new ResponseInvalidError(this.#run.operation.operationId, reason)
  }
}

const isIterable = (value: unknown): value is AsyncIterable<unknown> | Iterable<unknown> =>
  typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value)

/** Includes generators. */
function isIterator(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (typeof (value as { next?: unknown }).next !== 'function') return false
  return Symbol.iterator in value || Symbol.asyncIterator in value
}

/**
 * JSON has no undefined: it becomes null where the schema takes null, unless the schema puts another value in its
 * place.
 */
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
