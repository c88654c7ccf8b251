import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { SignatureError } from '../../signature/signature-error.ts'
import { CommandError } from '../command-error.ts'
import { createVerifier, type Verifier, type VerifierOptions } from '../listen/verifier.ts'
import { currentTerminal, printJson, printLines } from '../terminal.ts'
import { parseTime, timeText } from '../time-text.ts'

/** The options of `ringback verify`. */
export interface VerifyRequestOptions extends VerifierOptions {
  readonly header?: readonly string[]
  readonly at?: string
  readonly json?: boolean
}

interface KeptRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** `ringback verify` */
export async function verifyRequest(file: string | undefined, options: VerifyRequestOptions): Promise<void> {
  const bytes = await readInput(file)
  const request =
    options.header === undefined ? splitRequest(bytes) : { headers: headersOf(options.header), body: bytes }
  const verifier = await createVerifier(options)
  const now = timeOf(options.at, request)
  try {
    const message = verifier(request.headers, request.body, now)!
    if (options.json) return printJson({ valid: true, ...message })
    const terminal = currentTerminal()
    printLines([`${terminal.color('green', 'valid')}  ${message.id}, signed at ${timeText(message.timestamp * 1_000)}`])
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error
    const hint = error.reason === 'no-match' ? hintFor(request, verifier, now) : undefined
    if (options.json) printJson({ valid: false, reason: error.reason, message: error.message, hint })
    throw new CommandError(hint === undefined ? error.message : `${error.message}. ${hint}`)
  }
}

async function readInput(file: string | undefined): Promise<Uint8Array> {
  try {
    return file === undefined || file === '-' ? await buffer(process.stdin) : await readFile(file)
  } catch (error) {
    throw new CommandError(`The request cannot be read: ${(error as Error).message}`)
  }
}

/** Headers, an empty line, the body: the request line of HTTP may stand before. */
function splitRequest(bytes: Uint8Array): KeptRequest {
  const text = Buffer.from(bytes).toString('latin1')
  const end = /\r?\n\r?\n/.exec(text)
  if (end === null)
    throw new CommandError(
      'There is no empty line between headers and body: give the headers with --header if this is the body',
    )
  const lines = text.slice(0, end.index).split(/\r?\n/)
  return {
    headers: headersOf(lines.filter(line => !/^[A-Z]+ \S+ HTTP\//.test(line))),
    body: bytes.subarray(end.index + end[0].length),
  }
}

function headersOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map(line => {
      const at = line.indexOf(':')
      if (at < 1) throw new CommandError(`"${line}" is not a header, which is a name, ":" and a value`)
      return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()]
    }),
  )
}

/** A request that was kept is old: unless a time is given, its age is not what is asked for. */
function timeOf(at: string | undefined, { headers }: KeptRequest): number {
  if (at === undefined) {
    const own = Number(headers['webhook-timestamp']) * 1_000
    return Number.isFinite(own) ? own : Date.now()
  }
  const time = /^\d{1,12}$/.test(at) ? Number(at) * 1_000 : parseTime(at, Date.now())
  if (time === undefined) throw new CommandError(`"${at}" is not a time: give ISO 8601 or epoch seconds`)
  return time
}

/** What happens most to a body on its way into a file. */
function hintFor({ headers, body }: KeptRequest, verifier: Verifier, now: number): string | undefined {
  const text = Buffer.from(body).toString()
  const others: readonly (readonly [string, () => string])[] = [
    ['It matches without the line break at the end of the body', () => text.replace(/\r?\n$/, '')],
    [
      'It matches once the body is written as compact JSON: it was parsed and written anew',
      () => JSON.stringify(JSON.parse(text)),
    ],
  ]
  return others.find(([, bodyOf]) => {
    try {
      return verifier(headers, Buffer.from(bodyOf()), now) !== undefined
    } catch {
      return false
    }
  })?.[0]
}
