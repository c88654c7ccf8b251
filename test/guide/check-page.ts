import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseJsonPointer } from '../../src/lib/json/json-pointer.ts'
import type { ConsoleLines } from './console-lines.ts'
import { CookieFile } from './cookie-file.ts'
import { curlCommands, curlRequest } from './curl-command.ts'
import { type Fence, fencesOf } from './fences.ts'
import { playedSocket } from './play-socket.ts'
import { quoteFault } from './quote-fault.ts'
import { renewedPart, renewedQuotation, renewedResponse } from './renewed.ts'
import { type ShownResponse, sendCurl } from './send-curl.ts'
import { fits, parsed, partFault, responseFault } from './shown-fault.ts'

/** A page of the guide, and what it needs. */
export interface Page {
  /** From the root of the repository. */
  readonly file: string
  readonly text: string
  /** The file of its example, from the root of the repository, and its text. */
  readonly example: { readonly file: string; readonly text: string }
  /** The root of the repository, from which commands and quotations name files. */
  readonly root: string
}

/** The example of a page while it runs. */
export interface RunningExample {
  readonly port: number
  /** Where its `receiver` listens, which pages call http://localhost:9000. */
  readonly receiverPort: number | undefined
  readonly document: unknown
}

const RECEIVER = 'localhost:9000'

/** The languages in which a page may quote a file. */
const QUOTED = new Set(['ts', 'js', 'html', 'dockerfile', 'yaml'])

/** What a block should show. */
interface RenewedFence {
  readonly fence: Fence
  readonly text: string
}

/** Checks one page against its running example. */
class PageCheck {
  readonly faults: string[] = []
  readonly left: string[] = []
  readonly renewed: RenewedFence[] = []
  readonly #page: Page
  readonly #example: RunningExample
  readonly #console: ConsoleLines
  /** The last response, until a page shows it. */
  #response: { readonly line: number; readonly real: ShownResponse } | undefined
  /** Members of the JSON responses so far: `$ACCESS_TOKEN` is that of `access_token`. */
  readonly #values = new Map<string, string>()
  readonly #cookies = new CookieFile()

  constructor(page: Page, example: RunningExample, lines: ConsoleLines) {
    this.#page = page
    this.#example = example
    this.#console = lines
  }

  async check(fence: Fence): Promise<void> {
    const { language, info, line, text } = fence
    if (QUOTED.has(language)) this.#quotation(fence)
    else if (language === 'sh') await this.#commands(fence)
    else if (language === 'http') this.#shownResponse(fence)
    else if (language === 'console') await this.#terminal(fence)
    else if (language === 'json' && info.startsWith('#')) this.#documentPart(fence)
    else if (language === 'log') {
      const missing = await this.#console.missing(text.split('\n'))
      if (missing !== undefined) this.#fault(line, `wanted: the line ${missing}\nreal:   ${this.#console.rest}`)
    }
  }

  /** A response that nobody is shown must be a good one. */
  end(): void {
    const { line, real } = this.#response ?? {}
    if (real !== undefined && real.status >= 400)
      this.#fault(line ?? 1, `wanted: no error, as no response is shown\nreal:   ${real.statusLine}\n${real.body}`)
    this.#response = undefined
  }

  #quotation(fence: Fence): void {
    const { line, text } = fence
    const [first = '', ...lines] = text.split('\n')
    const named = /^(?:\/\/|#|<!--) (examples\/[\w./-]+)(?: -->)?$/.exec(first)?.[1]
    if (named === undefined) return
    const source = this.#sourceOf(named)
    const fault =
      source === undefined
        ? `wanted: // ${this.#page.example.file}, or a file in the folder of that name\nreal:   ${first}`
        : quoteFault(lines.join('\n'), source)
    if (fault === undefined) return
    this.#fault(line, fault, source && { fence, text: `${first}\n${renewedQuotation(lines.join('\n'), source)}` })
  }

  /** The text of the example, or of a file that belongs to it. */
  #sourceOf(named: string): string | undefined {
    const { example, root } = this.#page
    if (named === example.file) return example.text
    return named.startsWith(example.file.replace(/\.ts$/, '/')) ? readFileSync(join(root, named), 'utf8') : undefined
  }

  async #commands(fence: Fence): Promise<void> {
    const { port, receiverPort } = this.#example
    for (const { line, command } of curlCommands(fence.text)) {
      this.end()
      try {
        const toReceiver = command.replaceAll(RECEIVER, `localhost:${receiverPort}`)
        const asked = toReceiver.replaceAll(/\$([A-Z_]+)/g, (_, name) => this.#values.get(name) ?? '')
        const request = await curlRequest(asked, this.#page.root)
        const real = await sendCurl(this.#cookies.sentWith(request), port)
        this.#cookies.keepFrom(request, real)
        this.#keep(real.body)
        this.#response = { line: fence.line + line, real: this.#asShown(real) }
      } catch (error) {
        this.#fault(fence.line + line, `the command does not run: ${error}`)
      }
    }
  }

  #shownResponse(fence: Fence): void {
    const real = this.#response?.real
    this.#response = undefined
    const fault =
      real === undefined ? 'there is no curl command whose response this could be' : responseFault(fence.text, real)
    if (fault === undefined) return
    this.#fault(fence.line, fault, real && { fence, text: renewedResponse(fence.text, real) })
  }

  async #terminal(fence: Fence): Promise<void> {
    const { line, text } = fence
    try {
      const real = await playedSocket(text, this.#example.port)
      if (!fits(text, real)) this.#fault(line, `wanted: ${text}\nreal:   ${real}`, { fence, text: real })
    } catch (error) {
      this.#fault(line, `${error}`)
    }
  }

  #documentPart(fence: Fence): void {
    const { line, info, text } = fence
    const real = parseJsonPointer(info.slice(1)).reduce(
      (value: unknown, name) => (value as Record<string, unknown> | undefined)?.[name],
      this.#example.document,
    )
    const shown = parsed(text)
    const fault = shown === undefined ? 'what is shown is not JSON' : partFault(shown, real, info)
    if (fault === undefined) return
    this.#fault(line, fault, real === undefined ? undefined : { fence, text: renewedPart(shown, real) })
  }

  #keep(body: string): void {
    const value: unknown = parsed(body)
    if (typeof value !== 'object' || value === null) return
    for (const [name, text] of Object.entries(value))
      if (typeof text === 'string') this.#values.set(name.toUpperCase(), text)
  }

  /** The page knows one port of the receiver. */
  #asShown(real: ShownResponse): ShownResponse {
    return { ...real, body: real.body.replaceAll(`localhost:${this.#example.receiverPort}`, RECEIVER) }
  }

  #fault(line: number, text: string, renewed?: RenewedFence | ''): void {
    const fault = `${this.#page.file}:${line}: ${text.replaceAll('\n', '\n    ')}`
    this.faults.push(fault)
    if (!renewed || renewed.text === renewed.fence.text) this.left.push(fault)
    else this.renewed.push(renewed)
  }
}

/** What is wrong with a page, and the page as it should be, as far as that can be known. */
export interface CheckedPage {
  /** Each with file and line, what the page says (wanted) and what is real. */
  readonly faults: readonly string[]
  readonly renewed: string
  /** The faults that it still has then. */
  readonly left: readonly string[]
}

/**
 * Checks a page. It
 *
 * - finds each block that begins with `// examples/guide/….ts`, or `#` and the name of a file of the example, in that file;
 * - sends what the curl commands of `sh` blocks ask for, and compares the response with the `http` block below;
 * - compares a `json` block with a JSON Pointer (`json #/paths/~1items/get`) with that part of the document;
 * - waits for the lines of a `log` block on the console;
 * - opens the WebSocket of a `console` block, and compares what comes.
 */
export async function checkPage(page: Page, example: RunningExample, lines: ConsoleLines): Promise<CheckedPage> {
  const check = new PageCheck(page, example, lines)
  for (const fence of fencesOf(page.text)) await check.check(fence)
  check.end()
  const texts = page.text.split('\n')
  for (const { fence, text } of check.renewed.toReversed())
    texts.splice(fence.line - 1, fence.text.split('\n').length, ...text.split('\n'))
  return { faults: check.faults, renewed: texts.join('\n'), left: check.left }
}
