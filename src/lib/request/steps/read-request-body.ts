import { cutText } from '../../cut-text.ts'
import type { BodyFormat } from '../../http/body-format.ts'
import { HttpError } from '../../http/http-error.ts'
import type { RequestView } from '../../http/request-view.ts'
import type { CompiledBody } from '../../operation/compiled/compiled-operation.ts'
import type { Validated } from '../../schema/compiled-schema.ts'
import { MANY_ISSUES } from '../../schema/issue.ts'
import { validationErrors } from '../../schema/validation-error.ts'
import type { OperationRun } from '../operation-run.ts'

/**
 * Reads the declared body in the format that its media type names, and validates it. Throws an `HttpError`: 415 for another
 * media type or an encoding, and what the format itself throws.
 */
export function readRequestBody(run: OperationRun): undefined | Promise<unknown> {
  const { body } = run.operation
  return body && readDeclared(run, body)
}

async function readDeclared(run: OperationRun, body: CompiledBody): Promise<void> {
  const { view, runtime, operation } = run
  const format = formatOf(view, body.formats)
  run.sent =
    format === undefined && runtime.bodyRules.strictContentType
      ? await readNothing(view, body.formats)
      : await (format ?? body.formats[0]).read(view, operation.bodyLimits.bodyLimitValues)
  const valid = validateBody(run, body)
  run.context.body = valid instanceof Promise ? await valid : valid
}

/** The format for the body's media type; undefined where it has none. */
function formatOf(view: RequestView, formats: CompiledBody['formats']): BodyFormat | undefined {
  const contentType = view.header('content-type')
  const format = contentType === undefined ? undefined : formats.find(({ fits }) => fits(contentType))
  if (contentType !== undefined && format === undefined)
    throw otherMediaType(formats, `, not "${cutText(contentType, 100)}"`)
  const encoding = view.header('content-encoding')
  if (encoding !== undefined && isEncoded(encoding))
    throw new HttpError(415, `The body must not be encoded, but "Content-Encoding" is "${cutText(encoding, 100)}"`, {
      headers: { 'accept-encoding': 'identity' },
    })
  return format
}

const isEncoded = (encoding: string): boolean =>
  encoding.split(',').some(coding => !['', 'identity'].includes(coding.trim().toLowerCase()))

/** Only a body that is there needs a media type. */
async function readNothing(view: RequestView, formats: CompiledBody['formats']): Promise<undefined> {
  const bytes = await view.readBody()
  if (bytes.byteLength > 0) throw otherMediaType(formats, ': send a "Content-Type" header')
}

function otherMediaType(formats: CompiledBody['formats'], what: string): HttpError {
  const types = formats.map(({ mediaType }) => mediaType)
  const quoted = types.map(type => `"${type}"`).join(' or ')
  return new HttpError(415, `The body must be ${quoted}${what}`, { headers: { accept: types.join(', ') } })
}

/** Where validation fails, text is decoded to numbers and booleans, and it is validated once more. */
function validateBody(run: OperationRun, body: CompiledBody): unknown {
  if (run.sent === undefined) return validateNothing(run, body)
  const result = body.schema.validate(run.sent)
  return result instanceof Promise
    ? result.then(settled => validated(run, body, settled))
    : validated(run, body, result)
}

/** A body that was not sent: the library would tell of its types what the client never wrote. */
function validateNothing({ errors }: OperationRun, { schema, mayBeMissing }: CompiledBody): unknown {
  const missing = (): undefined => {
    errors.push({ in: 'body', pointer: '#', detail: 'The body is missing' })
  }
  if (!mayBeMissing()) return missing()
  const settle = (result: Validated): unknown => (result.issues === undefined ? result.value : missing())
  const result = schema.validate(undefined)
  return result instanceof Promise ? result.then(settle) : settle(result)
}

/** What is wrong at very many places is no text that stands for numbers, and a second look would double the time. */
const mayBeText = ({ issues, found = 0 }: Validated & { readonly found?: number }): boolean =>
  issues !== undefined && found <= MANY_ISSUES

function validated(run: OperationRun, body: CompiledBody, result: Validated): unknown {
  const { sent, runtime } = run
  const coerced = runtime.bodyRules.coerceJson && mayBeText(result) ? body.coerce(sent) : sent
  if (coerced === sent) return taken(run, result)
  const again = body.schema.validate(coerced)
  return again instanceof Promise ? again.then(settled => taken(run, settled)) : taken(run, again)
}

function taken({ errors }: OperationRun, result: Validated): unknown {
  if (result.issues === undefined) return result.value
  errors.push(...validationErrors('body', result.issues))
  return undefined
}
