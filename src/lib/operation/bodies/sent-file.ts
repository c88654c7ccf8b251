import { unknownNameIn, unknownNameText } from '../../definition/check-names.ts'
import { quoted } from '../../definition/quoted.ts'
import type { Disposition } from '../../http/file/content-disposition.ts'

/** How a file is sent. */
export interface SendFileOptions {
  /** Default: the media type that the operation declares; where that is a range, the one that the name's ending stands for. */
  readonly contentType?: string
  /** The name under which a browser saves it. What stands before a slash is left out. */
  readonly filename?: string
  /** Whether a browser saves or shows it. Default: `attachment` where there is a `filename`, else the header is not sent. */
  readonly disposition?: Disposition
}

const OPTION_NAMES: Readonly<Record<keyof SendFileOptions, true>> = {
  contentType: true,
  filename: true,
  disposition: true,
}

/**
 * A file to be sent: what `sendFile` makes.
 *
 * @example
 * ```ts
 * import { type SentFile, sendFile } from 'ringback'
 *
 * const report: SentFile = sendFile(new Uint8Array([49]), { filename: 'report.txt' })
 * console.log(report.options) // { filename: 'report.txt' }
 * ```
 */
export class SentFile {
  readonly #source: string | URL | Uint8Array
  readonly #options: SendFileOptions

  constructor(source: string | URL | Uint8Array, options: SendFileOptions) {
    this.#source = source
    this.#options = options
  }

  /** A path, a `file:` URL, or the bytes themselves. */
  get source(): string | URL | Uint8Array {
    return this.#source
  }

  get options(): SendFileOptions {
    return this.#options
  }
}

/**
 * A file as the response of an operation that declares `response: fileResponse(…)`: a path, a `file:` URL, or bytes. It
 * is read as fast as the client takes it. Parts (`range`), `if-none-match`, `if-modified-since`, `if-range` and HEAD are
 * handled. A file that cannot be read is a 500.
 *
 * Nothing is checked about the path: never make it of what a client sent.
 *
 * Throws a `TypeError` for a source or an option that cannot be meant.
 *
 * @example
 * ```ts
 * import { fileResponse, sendFile, Ringback } from 'ringback'
 *
 * const app = new Ringback({ title: 'Reports', version: '1.0.0' })
 * app.get('/report', { response: fileResponse('text/csv') }, () =>
 *   sendFile(new TextEncoder().encode('id,total\n7,100\n'), { filename: 'Übersicht.csv' }),
 * )
 * const response = await app.fetch(new Request('http://localhost/report', { headers: { range: 'bytes=0-1' } }))
 * console.log(response.status, await response.text()) // 206 id
 * console.log(response.headers.get('content-disposition')) // attachment; filename="?bersicht.csv"; filename*=UTF-8''%C3%9Cbersicht.csv
 * ```
 */
export function sendFile(source: string | URL | Uint8Array, options: SendFileOptions = {}): SentFile {
  if (!(typeof source === 'string' || source instanceof URL || source instanceof Uint8Array))
    throw new TypeError(`The source of a file is ${quoted(source)}: give a path, a file: URL, or bytes as a Uint8Array`)
  const unknown = unknownNameIn(options, OPTION_NAMES)
  if (unknown !== undefined) throw new TypeError(unknownNameText(unknown, OPTION_NAMES, 'the options of "sendFile"'))
  for (const name of ['contentType', 'filename'] as const)
    if (options[name] !== undefined && typeof options[name] !== 'string')
      throw new TypeError(`"${name}" of a file is ${quoted(options[name])}: give text`)
  const { disposition } = options
  if (disposition !== undefined && disposition !== 'attachment' && disposition !== 'inline')
    throw new TypeError(`"disposition" of a file is ${quoted(disposition)}: give "attachment" or "inline"`)
  return new SentFile(source, options)
}
