import { hash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { HttpError } from '../http-error.ts'
import type { ByteRange } from './byte-range.ts'
import type { Validators } from './conditions.ts'
import { CHUNK_BYTES, FileBody } from './file-body.ts'

/** The content of a file to be sent. One of `part` and `close` must be called. */
export interface FileContent extends Validators {
  readonly size: number
  /** The bytes of a part; of a small one at once, unless nobody wants them. */
  part(range: ByteRange, isWanted: boolean): Uint8Array | FileBody | Promise<Uint8Array>
  close(): Promise<void>
}

/** Bytes in memory as the content of a file; their hash is their entity tag. */
export function bytesContent(bytes: Uint8Array): FileContent {
  return {
    size: bytes.byteLength,
    etag: `"${hash('sha1', bytes, 'base64url')}"`,
    lastModified: undefined,
    part: ({ first, last }) => bytes.subarray(first, last + 1),
    close: async () => {},
  }
}

/** A FIFO would hold up a thread until somebody writes to it. */
const READ_AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** What is a symbolic link by now is another file than the one that was looked at. */
export const NO_LINK: number = constants.O_NOFOLLOW ?? 0

/**
 * Opens a file; `flags` are added to those of `open`. Throws Node's error where that fails, an `HttpError` 503 where too
 * many are open, and an error in words for what is not a regular file.
 */
export async function openFileContent(path: string | URL, flags = 0): Promise<FileContent> {
  const handle = await opened(path, READ_AT_ONCE | flags)
  try {
    const stats = await handle.stat({ bigint: true })
    if (!stats.isFile()) throw new Error('It is not a regular file')
    return {
      size: Number(stats.size),
      etag: `"${stats.size.toString(36)}-${stats.mtimeNs.toString(36)}"`,
      lastModified: stats.mtime,
      part: (range, isWanted) => {
        const body = new FileBody(handle, range)
        return isWanted && range.last - range.first < CHUNK_BYTES ? body.whole() : body
      },
      close: () => handle.close(),
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function opened(path: string | URL, flags: number): Promise<FileHandle> {
  try {
    return await open(path, flags)
  } catch (cause) {
    if (!TOO_MANY.has((cause as NodeJS.ErrnoException).code ?? '')) throw cause
    throw new HttpError(503, 'Too many files are open: try again later', { headers: { 'retry-after': '1' }, cause })
  }
}

const TOO_MANY: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE'])
