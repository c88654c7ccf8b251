import { cutText } from '../../cut-text.ts'
import type { ReadFormat } from '../../http/body/body-format.ts'
import { HttpError } from '../../http/http-error.ts'
import { mediaTypeEssence } from '../../http/media-type.ts'
import type { CompiledBody } from '../../operation/compiled/compiled-body.ts'
import type { OperationRun } from '../operation-run.ts'

/**
 * Reads the declared body in the format that its media type names; undefined where none was sent. Throws an
 * `HttpError`: 415 for another media type or an encoding, and whatever the format throws.
 */
export function readRequestBody(run: OperationRun): undefined | Promise<unknown> {
  const { operation, view, runtime } = run
  const { body, bodyLimits } = operation
  if (body === undefined) return undefined
  run.content = body.contents[0]
  const format = chooseFormat(run, body)
  if (format === undefined && runtime.bodyRules.strictContentType) return readNothing(run, body)
  return (format ?? run.content.formats[0]!).read(view, bodyLimits.bodyLimitValues, run)
}

/** The format for the body's media type, whose content becomes that of the run; undefined where it has none. */
function chooseFormat(run: OperationRun, body: CompiledBody): ReadFormat | undefined {
  const contentType = run.view.header('content-type')
  const format = contentType === undefined ? undefined : formatFor(contentType, run, body)
  if (contentType !== undefined && format === undefined)
    throw otherMediaType(body, `, not "${cutText(contentType, 100)}"`)
  const encoding = run.view.header('content-encoding')
  if (encoding !== undefined && isEncoded(encoding))
    throw new HttpError(415, `The body must not be encoded, but "Content-Encoding" is "${cutText(encoding, 100)}"`, {
      headers: { 'accept-encoding': 'identity' },
    })
  return format
}

/** The format of the media type itself comes before one that takes several. */
function formatFor(contentType: string, run: OperationRun, { contents }: CompiledBody): ReadFormat | undefined {
  let found: ReadFormat | undefined
  for (const content of contents)
    for (const format of content.formats) {
      if (!format.fits(contentType)) continue
      if (found !== undefined && mediaTypeEssence(contentType) !== format.mediaType) continue
      found = format
      run.content = content
    }
  return found
}

const isEncoded = (encoding: string): boolean =>
  encoding.split(',').some(coding => !['', 'identity'].includes(coding.trim().toLowerCase()))

/** Only a body that was sent needs a media type. */
async function readNothing({ view }: OperationRun, body: CompiledBody): Promise<undefined> {
  const bytes = await view.readBody()
  if (bytes.byteLength > 0) throw otherMediaType(body, ': send a "Content-Type" header')
}

function otherMediaType({ contents }: CompiledBody, what: string): HttpError {
  const types = contents.flatMap(({ formats }) => formats.map(({ mediaType }) => mediaType))
  const quoted = types.map(type => `"${type}"`).join(' or ')
  return new HttpError(415, `The body must be ${quoted}${what}`, { headers: { accept: types.join(', ') } })
}
