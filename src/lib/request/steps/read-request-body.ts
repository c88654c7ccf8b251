import { cutText } from '../../cut-text.ts'
import type { BodyFormat } from '../../http/body/body-format.ts'
import { HttpError } from '../../http/http-error.ts'
import type { RequestView } from '../../http/request-view.ts'
import type { CompiledBody } from '../../operation/compiled/compiled-operation.ts'
import type { OperationRun } from '../operation-run.ts'

/**
 * Reads the declared body in the format that its media type names; undefined where none was sent. Throws an
 * `HttpError`: 415 for another media type or an encoding, and whatever the format throws.
 */
export function readRequestBody({ operation, view, runtime }: OperationRun): undefined | Promise<unknown> {
  const { body, bodyLimits } = operation
  if (body === undefined) return undefined
  const format = formatOf(view, body.formats)
  if (format === undefined && runtime.bodyRules.strictContentType) return readNothing(view, body.formats)
  return (format ?? body.formats[0]).read(view, bodyLimits.bodyLimitValues)
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

/** Only a body that was sent needs a media type. */
async function readNothing(view: RequestView, formats: CompiledBody['formats']): Promise<undefined> {
  const bytes = await view.readBody()
  if (bytes.byteLength > 0) throw otherMediaType(formats, ': send a "Content-Type" header')
}

function otherMediaType(formats: CompiledBody['formats'], what: string): HttpError {
  const types = formats.map(({ mediaType }) => mediaType)
  const quoted = types.map(type => `"${type}"`).join(' or ')
  return new HttpError(415, `The body must be ${quoted}${what}`, { headers: { accept: types.join(', ') } })
}
