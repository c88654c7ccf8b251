import { cutText } from '../cut-text.ts'
import { ContentTooLargeError } from '../http/content-too-large-error.ts'
import { HttpError } from '../http/http-error.ts'
import { isJsonType } from '../http/media-type.ts'
import type { RequestView } from '../http/request-view.ts'
import { holdsMoreValues, isSmallBody } from '../json/holds-more-values.ts'
import { opensMore } from '../json/opens-more.ts'
import type { CompiledBody } from '../operation/compiled/compiled-operation.ts'
import type { Validated } from '../schema/compiled-schema.ts'
import { MANY_ISSUES } from '../schema/issue.ts'
import { type ValidationError, validationErrors } from '../schema/validation-error.ts'

/** How bodies are read: options of the application. */
export interface BodyRules {
  /** Whether a body without a media type is refused. */
  readonly strictContentType: boolean
  readonly coerceJson: boolean
}

/** To count what a body opens takes as long as to parse it; below this size brackets take 20 MB of the parser's memory. */
const CHEAP_TO_PARSE = 200_000

const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads the body as JSON (RFC 8259: UTF-8), `undefined` where there is none.
 * Throws an `HttpError`: 415 for another media type, 413 over a limit, 400 for what is no JSON.
 */
export async function readJsonBody(view: RequestView, rules: BodyRules, limitValues: number): Promise<unknown> {
  const contentType = view.header('content-type')
  if (contentType !== undefined && !isJsonType(contentType))
    throw new HttpError(415, `The body must be "application/json", not "${cutText(contentType, 100)}"`, {
      headers: { accept: 'application/json' },
    })
  const encoding = view.header('content-encoding')
  if (encoding !== undefined && isEncoded(encoding))
    throw new HttpError(415, `The body must not be encoded, but "Content-Encoding" is "${cutText(encoding, 100)}"`, {
      headers: { 'accept-encoding': 'identity' },
    })
  const bytes = await view.readBody()
  if (bytes.byteLength === 0) return undefined
  if (contentType === undefined && rules.strictContentType)
    throw new HttpError(415, 'The body must be "application/json": send a "Content-Type" header', {
      headers: { accept: 'application/json' },
    })
  if (bytes.byteLength > CHEAP_TO_PARSE && opensMore(bytes, limitValues))
    throw new ContentTooLargeError(limitValues, 'values')
  const value = parseJson(bytes)
  if (!isSmallBody(bytes.byteLength, limitValues) && holdsMoreValues(value, limitValues))
    throw new ContentTooLargeError(limitValues, 'values')
  return value
}

function parseJson(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    throw new HttpError(400, 'The body is not UTF-8 text')
  }
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new HttpError(400, `The body is not JSON: ${reasonOf(error)}`)
  }
}

/** V8 repeats a part of the text in its message, which belongs in no log; only the position is wanted. */
function reasonOf(error: unknown): string {
  const position =
    error instanceof Error ? /at position \d+(?: \(line \d+ column \d+\))?/.exec(error.message)?.[0] : undefined
  return position === undefined
    ? 'it ends too early or has an unexpected token'
    : `there is an unexpected token ${position}`
}

/**
 * Validates a JSON body; where that fails, text is decoded to numbers and booleans and it is validated once more.
 * Gives a promise only where the schema's own validation does.
 */
export function validateBody(
  body: CompiledBody,
  value: unknown,
  coerceJson: boolean,
  errors: ValidationError[],
): unknown {
  if (value === undefined) return validateNothing(body, errors)
  const result = body.schema.validate(value)
  if (result instanceof Promise) return result.then(settled => validated(body, value, settled, coerceJson, errors))
  return validated(body, value, result, coerceJson, errors)
}

/** A body that was not sent: the library would tell of its types what the client never wrote. */
function validateNothing({ schema, mayBeMissing }: CompiledBody, errors: ValidationError[]): unknown {
  const missing = (): undefined => {
    errors.push({ in: 'body', pointer: '#', detail: 'The body is missing' })
  }
  if (!mayBeMissing()) return missing()
  const settle = (result: Validated): unknown => (result.issues === undefined ? result.value : missing())
  const result = schema.validate(undefined)
  return result instanceof Promise ? result.then(settle) : settle(result)
}

const isEncoded = (encoding: string): boolean =>
  encoding.split(',').some(coding => !['', 'identity'].includes(coding.trim().toLowerCase()))

/** What is wrong at very many places is no text that stands for numbers, and a second look would double the time. */
const mayBeText = ({ issues, found = 0 }: Validated & { readonly found?: number }): boolean =>
  issues !== undefined && found <= MANY_ISSUES

function validated(
  body: CompiledBody,
  value: unknown,
  result: Validated,
  coerceJson: boolean,
  errors: ValidationError[],
): unknown {
  const coerced = coerceJson && mayBeText(result) ? body.coerce(value) : value
  if (coerced === value) return taken(result, errors)
  const again = body.schema.validate(coerced)
  return again instanceof Promise ? again.then(settled => taken(settled, errors)) : taken(again, errors)
}

function taken(result: Validated, errors: ValidationError[]): unknown {
  if (result.issues === undefined) return result.value
  errors.push(...validationErrors('body', result.issues))
  return undefined
}
