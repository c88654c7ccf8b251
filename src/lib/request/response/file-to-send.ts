import { getMimeType } from 'hono/utils/mime'
import { contentDisposition } from '../../http/file/content-disposition.ts'
import { contentToSend, type SentParts } from '../../http/file/content-to-send.ts'
import { bytesContent, type FileContent, openFileContent } from '../../http/file/file-content.ts'
import { HttpError } from '../../http/http-error.ts'
import { inMediaRange } from '../../http/media-range.ts'
import { mediaTypeEssence } from '../../http/media-type.ts'
import type { RequestView, ResponseHeaders } from '../../http/request-view.ts'
import type { SentFile } from '../../operation/bodies/sent-file.ts'

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
  const described = descriptionOf(file, mediaTypeOf(file, mediaType))
  const sent = await contentToSend(await opened(file), view, headers)
  if (sent.body !== undefined) for (const name in described) headers[name] ??= described[name]!
  return sent
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
    if (cause instanceof HttpError) throw cause
    throw new Error(`The file "${source}" cannot be sent: ${(cause as Error).message}`, { cause })
  }
}

function descriptionOf({ options }: SentFile, contentType: string): Readonly<Record<string, string>> {
  const { disposition, filename } = options
  const isNamed = disposition !== undefined || filename !== undefined
  return {
    ...(isNamed && { 'content-disposition': contentDisposition(disposition ?? 'attachment', filename) }),
    'accept-ranges': 'bytes',
    'content-type': contentType,
    'x-content-type-options': 'nosniff',
  }
}
