import { HttpError } from '../http-error.ts'
import type { RequestView, ResponseHeaders } from '../request-view.ts'
import { byteRangeOf } from './byte-range.ts'
import { judgeConditions, partIsWanted, type Validators } from './conditions.ts'
import type { FileBody } from './file-body.ts'
import type { FileContent } from './file-content.ts'

/** What is sent of a file. */
export interface SentParts {
  readonly status: 200 | 206 | 304
  readonly body: Uint8Array | FileBody | undefined
}

/**
 * Chooses what of an open file a request gets, all, a part or nothing, and sets the headers that say so. Closes the file
 * unless something is sent. Throws an `HttpError` 412 or 416.
 */
export async function contentToSend(
  content: FileContent,
  view: RequestView,
  headers: ResponseHeaders,
): Promise<SentParts> {
  try {
    const isWanted = judged(content, view, headers)
    const body = isWanted ? await part(content, view, headers) : undefined
    if (body === undefined) await content.close()
    if (!isWanted) return { status: 304, body }
    return { status: headers['content-range'] === undefined ? 200 : 206, body }
  } catch (error) {
    await content.close()
    throw error
  }
}

/** False where the client has it already (RFC 9110, section 13). */
function judged({ etag, lastModified }: FileContent, view: RequestView, headers: ResponseHeaders): boolean {
  headers['etag'] ??= etag
  if (lastModified !== undefined) headers['last-modified'] ??= lastModified.toUTCString()
  if (view.method !== 'GET' && view.method !== 'HEAD') return true
  const outcome = judgeConditions(name => view.header(name), validatorsOf(headers))
  if (outcome === 'failed') throw new HttpError(412, 'The file is no longer the one that the request names')
  return outcome !== 'notModified'
}

/** All of it, or the part that a GET asks for (RFC 9110, section 14.2). */
async function part(
  { size, part }: FileContent,
  view: RequestView,
  headers: ResponseHeaders,
): Promise<Uint8Array | FileBody> {
  const asked = view.method === 'GET' ? view.header('range') : undefined
  const wanted = asked !== undefined && partIsWanted(view.header('if-range'), validatorsOf(headers))
  const range = wanted ? byteRangeOf(asked, size) : undefined
  if (range === 'unsatisfiable')
    throw new HttpError(416, `There are no such bytes: the file has ${size}`, {
      headers: { 'content-range': `bytes */${size}` },
    })
  const { first, last } = range ?? { first: 0, last: size - 1 }
  if (range !== undefined) headers['content-range'] = `bytes ${first}-${last}/${size}`
  const body = await part({ first, last }, view.method !== 'HEAD')
  // The bytes that are there are counted where they are written.
  if (!(body instanceof Uint8Array)) headers['content-length'] = String(last - first + 1)
  return body
}

/** As they are sent: a handler may have set its own. */
function validatorsOf(headers: ResponseHeaders): Validators {
  const date = headers['last-modified']
  return { etag: String(headers['etag']), lastModified: date === undefined ? undefined : new Date(String(date)) }
}
