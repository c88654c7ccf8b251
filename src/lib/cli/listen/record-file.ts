import { open, readFile, stat } from 'node:fs/promises'
import { CommandError } from '../command-error.ts'
import type { Received } from './received.ts'

const mostBytes = 64 * 1024 * 1024

/** One line of a record file. */
interface RecordedLine {
  readonly receivedAt: string
  readonly method: string
  readonly target: string
  readonly headers: Received['headers']
  readonly bodyBase64: string
}

/** Appends requests to a file, one line of JSON each, until it has its full size. */
export class RecordFile implements AsyncDisposable {
  readonly #path: string
  #size = 0
  #writing: Promise<void> = Promise.resolve()
  #file: Awaited<ReturnType<typeof open>> | undefined

  constructor(path: string) {
    this.#path = path
  }

  /** Only its owner may read it: requests carry credentials. */
  async open(): Promise<void> {
    try {
      this.#file = await open(this.#path, 'a', 0o600)
      this.#size = (await this.#file.stat()).size
    } catch (error) {
      throw new CommandError(`Requests cannot be recorded in "${this.#path}": ${(error as Error).message}`)
    }
  }

  /** Whether there was room for it. */
  async add({ at, method, target, headers, body }: Received): Promise<boolean> {
    const bodyBase64 = Buffer.from(body).toString('base64')
    const line: RecordedLine = { receivedAt: new Date(at).toISOString(), method, target, headers, bodyBase64 }
    const text = `${JSON.stringify(line)}\n`
    if (this.#size + text.length > mostBytes) return false
    this.#size += text.length
    this.#writing = this.#writing.then(async () => void (await this.#file?.write(text)))
    await this.#writing
    return true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing
    await this.#file?.close()
  }
}

/** Reads a record file. */
export async function readRecords(path: string): Promise<Received[]> {
  const lines = (await textOf(path)).split('\n').filter(line => line !== '')
  return lines.map((line, index) => {
    try {
      const { receivedAt, method, target, headers, bodyBase64 } = JSON.parse(line) as RecordedLine
      const at = Date.parse(receivedAt)
      if (typeof method !== 'string' || !target.startsWith('/') || typeof headers !== 'object') throw new Error()
      return { number: index + 1, at, method, target, headers, body: Buffer.from(bodyBase64, 'base64') }
    } catch {
      throw new CommandError(`Line ${index + 1} of "${path}" is not a recorded request`)
    }
  })
}

async function textOf(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > mostBytes) throw new Error('It is larger than any record file')
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new CommandError(`The record file "${path}" cannot be read: ${(error as Error).message}`)
  }
}
