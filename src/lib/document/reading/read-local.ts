import { constants } from 'node:fs'
import { open, realpath } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { errorCode } from '../../error-code.ts'
import { DocumentError } from './document-error.ts'

/** The bytes that stand at an address, and the address that they are really at. */
export interface ReadBytes {
  readonly url: URL
  readonly bytes: Uint8Array
}

/** Reads a file of at most so many bytes. `allows` judges its path once every link is followed. */
export async function readLocal(
  url: URL,
  mostBytes: number,
  allows: (real: URL) => boolean = () => true,
): Promise<ReadBytes> {
  try {
    const path = await realpath(pathOf(url))
    const real = pathToFileURL(path)
    if (!allows(real)) throw new DocumentError('The file is elsewhere', { isNotAllowed: true })
    // A pipe without a writer would hold us up, and a link that appears now was not judged.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    try {
      return { url: real, bytes: await readAll(file, mostBytes) }
    } finally {
      await file.close()
    }
  } catch (error) {
    throw error instanceof DocumentError ? error : new DocumentError(reasonOf(error), { cause: error })
  }
}

async function readAll(file: Awaited<ReturnType<typeof open>>, mostBytes: number): Promise<Uint8Array> {
  const stat = await file.stat()
  if (!stat.isFile()) throw new DocumentError('It is not a file')
  if (stat.size > mostBytes) throw tooLarge(mostBytes)
  // It may grow while it is read.
  const bytes = Buffer.alloc(stat.size)
  const { bytesRead } = await file.read(bytes, 0, stat.size, 0)
  return bytes.subarray(0, bytesRead)
}

function pathOf(url: URL): string {
  try {
    return fileURLToPath(new URL(url.pathname, url))
  } catch (error) {
    throw new DocumentError('It is not the path of a file', { cause: error })
  }
}

export const tooLarge = (mostBytes: number): DocumentError =>
  new DocumentError(`It has more than the ${mostBytes.toLocaleString('en')} bytes that are left to be read`)

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file',
  ENOTDIR: 'There is no such file',
  EISDIR: 'It is not a file',
  EACCES: 'Its permissions do not let this user read it',
  ELOOP: 'Its links lead in a circle',
}

const reasonOf = (error: unknown): string =>
  reasons[String(errorCode(error))] ?? (error instanceof Error ? error.message : String(error))
