import type { Readable } from 'node:stream'
import { Busboy, type BusboyInstance } from '@fastify/busboy'
import { cutText } from '../../cut-text.ts'
import { HttpError } from '../http-error.ts'
import type { FormLimits, FormPart } from './form.ts'
import { fieldsTooLarge, fieldTooLarge, tooMany } from './form-too-large.ts'
import type { SpooledFiles } from './spool.ts'

/** The headers of one part: name, file name and media type. What is longer is cut off. */
const HEADER_BYTES = 16_384
const HEADER_PAIRS = 100

/**
 * Reads a form as `multipart/form-data` (RFC 7578) from its bytes as they come: files go to the spool, so that memory does
 * not grow with them. A file input without a file, as browsers send it, is left out.
 *
 * Throws an `HttpError`: 400 for what is no such form, 413 over a limit, 503 where the spool is full; and what `bytes` throws.
 * Then nothing is left on the disk.
 */
export async function readMultipart(
  bytes: AsyncIterable<Uint8Array>,
  contentType: string,
  { files, limits }: { readonly files: SpooledFiles; readonly limits: Required<FormLimits> },
): Promise<readonly FormPart[]> {
  const reading = new MultipartReading(contentType, files, limits)
  try {
    return await reading.read(bytes)
  } catch (error) {
    await files.remove()
    throw error
  }
}

/** The parser takes what it is given to the end, even if it fails at its beginning. */
const MOST_WRITTEN = 65_536

/** What all texts of a form may have together. */
const TEXT_BYTES = 1_048_576

class MultipartReading {
  readonly #parser: BusboyInstance
  readonly #files: SpooledFiles
  readonly #parts: (FormPart | Promise<FormPart | undefined>)[] = []
  readonly #open = new Set<Readable>()
  readonly #ended = Promise.withResolvers<void>()
  #textBytes = 0
  #taken = () => {}
  #failure: unknown

  constructor(contentType: string, files: SpooledFiles, limits: Required<FormLimits>) {
    this.#files = files
    this.#parser = createParser(contentType, limits)
    const textBytes = Math.max(TEXT_BYTES, limits.maxPartBytes)
    this.#parser.on('field', (name, value, _nameTruncated, isCut) => {
      this.#textBytes += value.length
      if (isCut) this.#fail(fieldTooLarge(limits.maxPartBytes))
      else if (name === undefined) this.#fail(noForm('a part has no name'))
      else if (this.#textBytes > textBytes) this.#fail(fieldsTooLarge(textBytes))
      else this.#parts.push({ name, value })
    })
    this.#parser.on('file', (...[name, file, fileName, , mediaType]) => {
      // What the parser had in hand when it was ended still comes.
      if (this.#failure !== undefined) return void file.resume()
      const kept = this.#keep(file, { name, fileName, mediaType })
      kept.catch(error => this.#fail(error))
      this.#parts.push(kept)
    })
    this.#parser.on('fieldsLimit', () => this.#fail(tooMany(limits.maxFields, 'field')))
    this.#parser.on('filesLimit', () => this.#fail(tooMany(limits.maxFiles, 'file')))
    this.#parser.on('partsLimit', () => this.#fail(tooMany(limits.maxFields + limits.maxFiles, 'part')))
    this.#parser.on('finish', () => this.#ended.resolve())
    this.#parser.on('error', error => this.#fail(noForm(reasonOf(error))))
  }

  async read(bytes: AsyncIterable<Uint8Array>): Promise<readonly FormPart[]> {
    try {
      await Promise.all([this.#ended.promise, this.#feed(bytes)])
      return (await Promise.all(this.#parts)).filter(part => part !== undefined)
    } catch (error) {
      this.#fail(error)
      await Promise.allSettled(this.#parts)
      throw this.#failure
    }
  }

  /** Writes what comes, as fast as it is taken, and no more once it has failed. */
  async #feed(bytes: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const chunk of bytes)
      for (let start = 0; start < chunk.length; start += MOST_WRITTEN) {
        await this.#write(chunk.subarray(start, start + MOST_WRITTEN))
        if (this.#parser.destroyed) return
      }
    this.#parser.end()
  }

  #write(bytes: Uint8Array): Promise<void> {
    return new Promise<void>(resolve => {
      this.#taken = resolve
      this.#parser.write(bytes, () => resolve())
    })
  }

  async #keep(
    file: Readable,
    { name, fileName, mediaType }: { name: string | undefined; fileName: string | undefined; mediaType: string },
  ): Promise<FormPart | undefined> {
    this.#open.add(file)
    try {
      const blob = await this.#files.keep(file)
      if (name === undefined) throw noForm('a part has no name')
      if (blob.size === 0 && !fileName) return undefined
      return { name, value: new File([blob], fileName ?? 'blob', { type: mediaType }) }
    } finally {
      this.#open.delete(file)
    }
  }

  /** Ends it all; what went wrong first is what is told. */
  #fail(error: unknown): void {
    if (this.#failure !== undefined) return
    this.#failure = error
    this.#ended.reject(error)
    this.#parser.destroy()
    this.#taken()
    for (const file of this.#open) file.destroy(error instanceof Error ? error : undefined)
  }
}

function createParser(contentType: string, limits: Required<FormLimits>): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: {
        fields: limits.maxFields,
        files: limits.maxFiles,
        // Parts without a name are neither.
        parts: limits.maxFields + limits.maxFiles,
        fieldSize: limits.maxPartBytes,
        headerPairs: HEADER_PAIRS,
        headerSize: HEADER_BYTES,
      },
    })
  } catch (error) {
    throw noForm(reasonOf(error))
  }
}

const noForm = (reason: string): HttpError => new HttpError(400, `The body is not a multipart form: ${reason}`)

const reasonOf = (error: unknown): string =>
  error instanceof Error ? cutText(error.message, 200) : 'it cannot be read'
