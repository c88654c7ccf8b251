import { openAsBlob } from 'node:fs'
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errorCode } from '../../error-code.ts'
import { GrowingBytes } from '../../json/growing-bytes.ts'
import { HttpError } from '../http-error.ts'

/** So much of a file stays in memory; what is larger goes to the disk. */
const MEMORY_BYTES = 65_536

/** Room on the disk for the files of forms: all requests of an application share it. */
export class Spool {
  readonly #limitBytes: number
  readonly #directory: string
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
    return new SpooledFiles(this.#directory, bytes => this.#take(bytes))
  }

  /** Throws an `HttpError` 503 where there is no room left; less than nothing gives room back. */
  #take(bytes: number): void {
    if (bytes > 0 && this.#usedBytes + bytes > this.#limitBytes) throw noRoom()
    this.#usedBytes += bytes
  }
}

/**
 * The files of one form. Large ones are written to a folder of their own that only this user may open, under a number: the
 * name that a client gives is never a path.
 */
export class SpooledFiles {
  readonly #directory: string
  readonly #take: (bytes: number) => void
  #folder: Promise<string> | undefined
  #usedBytes = 0
  #count = 0

  constructor(directory: string, take: (bytes: number) => void) {
    this.#directory = directory
    this.#take = take
  }

  /** Keeps a stream of bytes. Throws what the stream throws, and an `HttpError` 503 where the disk has no room left. */
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
    this.#take(bytes.length)
    this.#usedBytes += bytes.length
    try {
      await file.writeFile(bytes)
    } catch (error) {
      throw isFullDisk(error) ? noRoom(error) : error
    }
  }

  async #newFile(): Promise<{ path: string; file: FileHandle }> {
    this.#folder ??= mkdtemp(join(this.#directory, 'ringback-form-'))
    this.#count += 1
    const name = String(this.#count)
    const path = join(await this.#folder, name)
    return { path, file: await open(path, 'wx', 0o600) }
  }

  /** Removes all of them; their blobs can be read no more. */
  async remove(): Promise<void> {
    const folder = await this.#folder?.catch(() => undefined)
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
    this.#take(-this.#usedBytes)
    this.#usedBytes = 0
    this.#folder = undefined
  }
}

const noRoom = (cause?: unknown): HttpError =>
  new HttpError(503, 'There is no room for files at the moment: try again later', {
    headers: { 'retry-after': '10' },
    cause,
  })

const isFullDisk = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(errorCode(error))
