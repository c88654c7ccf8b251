import { openAsBlob } from 'node:fs'
import { type FileHandle, lstat, mkdtemp, open, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errorCode } from '../../error-code.ts'
import { GrowingBytes } from '../../json/growing-bytes.ts'
import { HttpError } from '../http-error.ts'

/** So much of a file stays in memory; what is larger goes to the disk. */
const MEMORY_BYTES = 65_536

const PREFIX = 'ringback-form-'

/** No request takes as long as this. */
const LEFT_OVER_AFTER_MS = 86_400_000

/** Removes what this user's processes have left behind that were killed more than a day ago. */
export async function removeLeftOvers(directory = tmpdir(), now = Date.now()): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(PREFIX)) continue
    const path = join(directory, name)
    // Its own process may be removing it.
    const found = await lstat(path).catch(() => undefined)
    if (found?.uid === process.getuid?.() && found !== undefined && now - found.mtimeMs > LEFT_OVER_AFTER_MS)
      await rm(path, { recursive: true, force: true })
  }
}

/** Room on the disk for the files of forms: all requests of an application share it. */
export class Spool {
  readonly #limitBytes: number
  readonly #directory: string
  readonly #open = new Set<SpooledFiles>()
  #usedBytes = 0

  constructor(limitBytes: number, directory = tmpdir()) {
    this.#limitBytes = limitBytes
    this.#directory = directory
  }

  /** How many bytes stand on the disk. */
  get usedBytes(): number {
    return this.#usedBytes
  }

  /** Room for the files of one form. */
  open(): SpooledFiles {
    const files = new SpooledFiles(this.#directory, {
      take: (bytes, own) => this.#take(bytes, own),
      removed: () => this.#open.delete(files),
    })
    this.#open.add(files)
    return files
  }

  /** Removes the files of all forms, whoever still reads them. */
  async close(): Promise<void> {
    await Promise.all([...this.#open].map(files => files.remove()))
  }

  /**
   * Throws an `HttpError` where there is no room left: 503, or 413 where a form with `own` bytes would fill it alone. Less
   * than nothing gives room back.
   */
  #take(bytes: number, own: number): void {
    if (bytes > 0 && own + bytes > this.#limitBytes)
      throw new HttpError(413, `The files of the form are larger than ${this.#limitBytes} bytes`)
    if (bytes > 0 && this.#usedBytes + bytes > this.#limitBytes) throw noRoom()
    this.#usedBytes += bytes
  }
}

/** What the files of one form tell their spool. */
interface Owner {
  take(bytes: number, own: number): void
  removed(): void
}

/**
 * The files of one form. Large ones are written to a folder of their own that only this user may open, under a number: the
 * name that a client gives is never a path.
 */
export class SpooledFiles {
  readonly #directory: string
  readonly #owner: Owner
  #folder: Promise<string> | undefined
  #removed: Promise<void> | undefined
  #usedBytes = 0
  #count = 0

  constructor(directory: string, owner: Owner) {
    this.#directory = directory
    this.#owner = owner
  }

  /** Keeps a stream of bytes. Throws what the stream throws, and an `HttpError` where there is no room left. */
  async keep(bytes: AsyncIterable<Uint8Array>): Promise<Blob> {
    const start = new GrowingBytes()
    let written: { readonly path: string; readonly file: FileHandle } | undefined
    try {
      for await (const chunk of bytes) {
        if (written !== undefined) await this.#write(written.file, chunk)
        else {
          start.add(chunk)
          if (start.length <= MEMORY_BYTES) continue
          written = await this.#newFile()
          await this.#write(written.file, start.taken())
        }
      }
    } finally {
      await written?.file.close()
    }
    return written === undefined ? new Blob([start.taken() as Uint8Array<ArrayBuffer>]) : openAsBlob(written.path)
  }

  async #write(file: FileHandle, bytes: Uint8Array): Promise<void> {
    this.#owner.take(bytes.length, this.#usedBytes)
    this.#usedBytes += bytes.length
    try {
      await file.writeFile(bytes)
    } catch (error) {
      throw isFullDisk(error) ? noRoom(error) : error
    }
  }

  async #newFile(): Promise<{ path: string; file: FileHandle }> {
    if (this.#removed !== undefined) throw new Error('The files of this form have been removed')
    this.#folder ??= mkdtemp(join(this.#directory, PREFIX))
    this.#count += 1
    const name = String(this.#count)
    const path = join(await this.#folder, name)
    return { path, file: await open(path, 'wx', 0o600) }
  }

  /** Removes all of them; their blobs can be read no more. */
  remove(): Promise<void> {
    this.#removed ??= this.#remove()
    return this.#removed
  }

  async #remove(): Promise<void> {
    const folder = await this.#folder?.catch(() => undefined)
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
    this.#owner.take(-this.#usedBytes, 0)
    this.#usedBytes = 0
    this.#owner.removed()
  }
}

const noRoom = (cause?: unknown): HttpError =>
  new HttpError(503, 'There is no room for files at the moment: try again later', {
    headers: { 'retry-after': '10' },
    cause,
  })

const isFullDisk = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(errorCode(error))
