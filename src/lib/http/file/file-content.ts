import { hash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { ByteRange } from './byte-range.ts'
import type { Validators } from './conditions.ts'
import { FileBody } from './file-body.ts'

/** The content of a file to be sent. One of `part` and `close` must be called. */
export interface FileContent extends Validators {
  readonly size: number
  /** The bytes of a part. */
  part(range: ByteRange): Uint8Array | FileBody
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

/** Opens a file. Throws Node's error where that fails, and one in words for what is not a regular file. */
export async function openFileContent(path: string | URL): Promise<FileContent> {
  const handle = await open(path, READ_AT_ONCE)
  try {
    const stats = await handle.stat({ bigint: true })
    if (!stats.isFile()) throw new Error('It is not a regular file')
    return {
      size: Number(stats.size),
      etag: `"${stats.size.toString(36)}-${stats.mtimeNs.toString(36)}"`,
      lastModified: stats.mtime,
      part: range => new FileBody(handle, range),
      close: () => handle.close(),
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}
