import { getMimeType } from 'hono/utils/mime'
import { byteRangeOf } from '../../http/file/byte-range.ts'
import { judgeConditions, partIsWanted, type Validators } from '../../http/file/conditions.ts'
import { contentDisposition } from '../../http/file/content-disposition.ts'
import type { FileBody } from '../../http/file/file-body.ts'
import { bytesContent, type FileContent, openFileContent } from '../../http/file/file-content.ts'
import { HttpError } from '../../http/http-error.ts'
import { inMediaRange } from '../../http/media-range.ts'
import { mediaTypeEssence } from '../../http/media-type.ts'
import type { RequestView, ResponseHeaders } from '../../http/request-view.ts'
import type { SentFile } from '../../operation/bodies/sent-file.ts'

/** What is sent of a file. */
export interface SentParts {
  readonly status: number
  readonly body: Uint8Array | FileBody | undefined
}

/**
 * Opens a file, chooses what of it a request gets, all, a part or nothing, and sets the headers that say so. `mediaType`
 * is the declared one. Throws an `HttpError` 412 or 416, and an error in words where the file cannot be sent.
 */
export async function fileToSend(
  file: SentFile,
  mediaType: string,
  view: RequestView,
  headers: ResponseHeaders,
): Promise<SentParts> {
  const contentType = mediaTypeOf(file, mediaType)
  const content = await opened(file)
  try {
    const status = judged(content, view, headers)
    const body = status === 304 ? undefined : part(content, view, headers)
    if (body === undefined) await content.close()
    else describe(file, contentType, headers)
    return { status: headers['content-range'] === undefined ? status : 206, body }
  } catch (error) {
    await content.close()
    throw error
  }
}

/** The one given with the file, the one declared, or the one that its name stands for. */
function mediaTypeOf({ source, options }: SentFile, declared: string): string {
  const { contentType, filename } = options
  const name = filename ?? (source instanceof Uint8Array ? '' : String(source))
  const byName = () => getMimeType(name) ?? 'application/octet-stream'
  const found = contentType ?? (declared.endsWith('/*') ? byName() : declared)
  if (inMediaRange(mediaTypeEssence(found), mediaTypeEssence(declared))) return found
  throw new Error(`A file is "${found}", and "${declared}" is declared: give its "contentType", or declare that one`)
}

async function opened({ source }: SentFile): Promise<FileContent> {
  if (source instanceof Uint8Array) return bytesContent(source)
  try {
    return await openFileContent(source)
  } catch (cause) {
    if (TOO_MANY.has((cause as NodeJS.ErrnoException).code ?? ''))
      throw new HttpError(503, 'Too many files are open: try again later', { headers: { 'retry-after': '1' }, cause })
    throw new Error(`The file "${source}" cannot be sent: ${(cause as Error).message}`, { cause })
  }
}

const TOO_MANY: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE'])

/** 200, or 304 where the client has it (RFC 9110, section 13). */
function judged({ etag, lastModified }: FileContent, view: RequestView, headers: ResponseHeaders): 200 | 304 {
  headers['etag'] ??= etag
  if (lastModified !== undefined) headers['last-modified'] ??= lastModified.toUTCString()
  if (view.method !== 'GET' && view.method !== 'HEAD') return 200
  const outcome = judgeConditions(name => view.header(name), validatorsOf(headers))
  if (outcome === 'failed') throw new HttpError(412, 'The file is no longer the one that the request names')
  return outcome === 'notModified' ? 304 : 200
}

/** All of it, or the part that a GET asks for (RFC 9110, section 14.2). */
function part({ size, part }: FileContent, view: RequestView, headers: ResponseHeaders): Uint8Array | FileBody {
  const asked = view.method === 'GET' ? view.header('range') : undefined
  const wanted = asked !== undefined && partIsWanted(view.header('if-range'), validatorsOf(headers))
  const range = wanted ? byteRangeOf(asked, size) : undefined
  if (range === 'unsatisfiable')
    throw new HttpError(416, `There are no such bytes: the file has ${size}`, {
      headers: { 'content-range': `bytes */${size}` },
    })
  const { first, last } = range ?? { first: 0, last: size - 1 }
  if (range !== undefined) headers['content-range'] = `bytes ${first}-${last}/${size}`
  const body = part({ first, last })
  // The bytes that are there are counted where they are written.
  if (!(body instanceof Uint8Array)) headers['content-length'] = String(last - first + 1)
  return body
}

/** As they are sent: a handler may have set its own. */
function validatorsOf(headers: ResponseHeaders): Validators {
  const date = headers['last-modified']
  return { etag: String(headers['etag']), lastModified: date === undefined ? undefined : new Date(String(date)) }
}

function describe({ options }: SentFile, contentType: string, headers: ResponseHeaders): void {
  const { disposition, filename } = options
  if (disposition !== undefined || filename !== undefined)
    headers['content-disposition'] ??= contentDisposition(disposition ?? 'attachment', filename)
  headers['accept-ranges'] ??= 'bytes'
  headers['content-type'] ??= contentType
  headers['x-content-type-options'] ??= 'nosniff'
}
