import { fileURLToPath } from 'node:url'
import type { Diagnostic } from '../diagnostic.ts'
import { parseSource } from '../source/parse-source.ts'
import { SourceFile } from '../source/source-file.ts'
import type { SourceNode } from '../source/source-node.ts'
import { DocumentError } from './document-error.ts'
import { type ReadLimits, usualLimits } from './read-limits.ts'
import { type ReadBytes, readLocal } from './read-local.ts'
import { type RemoteBounds, readRemote } from './read-remote.ts'
import { findReferences, type Reference, referenceOf } from './reference.ts'
import { locationOf, ReferenceRules } from './reference-rules.ts'
import { addressOf, type ReadFile, SourceDocument, versionText } from './source-document.ts'

/** How a document is read. */
export interface ReadOptions {
  /** Where references may lead beside the document's own folder or origin: paths and URLs. None by default. */
  readonly allowedReferences?: readonly string[]
  readonly limits?: Partial<ReadLimits>
}

/**
 * Reads an OpenAPI document of version 3 from a file or URL, with every file that it refers to and may make us read.
 * Throws `DocumentError` where the document itself cannot be read; what is wrong within it becomes diagnostics.
 */
export async function readDocument(location: string, options: ReadOptions = {}): Promise<SourceDocument> {
  const url = URL.canParse(location) || !/^https?:/i.test(location) ? locationOf(location) : undefined
  if (url === undefined) throw new DocumentError('It is not a URL')
  const limits = { ...usualLimits, ...options.limits }
  const reading = new Reading(limits, options.allowedReferences ?? [])
  return reading.readAll(url)
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Why a file was not read, and where it is named. */
interface Unread {
  readonly error: DocumentError
  readonly references: Reference[]
}

/** One run of the reader: what was read so far, and what is left of the limits. */
class Reading {
  readonly #limits: ReadLimits
  readonly #allowed: readonly string[]
  readonly #files = new Map<string, ReadFile>()
  readonly #unread = new Map<string, Unread>()
  readonly #diagnostics: Diagnostic[] = []
  #bytesLeft: number
  #filesLeft: number
  #fetchMsLeft: number
  #rules: ReferenceRules | undefined

  constructor(limits: ReadLimits, allowed: readonly string[]) {
    this.#limits = limits
    this.#allowed = allowed
    this.#bytesLeft = limits.bytes
    this.#filesLeft = limits.files
    this.#fetchMsLeft = limits.allFetchesMs
  }

  async readAll(url: URL): Promise<SourceDocument> {
    // What the user names may lead on within its origin; a file's own folder is where its links end.
    const first = await this.#read(url, new ReferenceRules(url, this.#allowed))
    this.#rules = new ReferenceRules(first.url, this.#allowed)
    const main = this.#parse(first, url.href)
    if (main.root === undefined) throw new DocumentError(this.#firstFault() ?? 'It is empty')
    requireOpenApi(main.root)
    const open = [main]
    for (let next = open.pop(); next !== undefined; next = open.pop()) open.push(...(await this.#readTargets(next)))
    for (const unread of this.#unread.values()) this.#diagnostics.push(unreadDiagnostic(unread))
    const document = new SourceDocument(main.root, this.#files, this.#diagnostics)
    for (const { references } of new Set(this.#files.values()))
      for (const reference of references) this.#checkTarget(document, reference)
    return document
  }

  /** Reads the files that one refers to, and gives those that were not read before. */
  async #readTargets({ references }: ReadFile): Promise<ReadFile[]> {
    const read: ReadFile[] = []
    for (const reference of references) {
      const address = addressOf(reference.text, reference.owner.file.url)
      if (address === undefined || this.#files.has(address)) continue
      const known = this.#unread.get(address)
      if (known !== undefined) {
        known.references.push(reference)
        continue
      }
      try {
        const url = new URL(address)
        if (!this.#rules!.allows(url)) throw new DocumentError('It is elsewhere', { isNotAllowed: true })
        const bytes = await this.#read(url, this.#rules!)
        const before = this.#files.get(bytes.url.href)
        if (before !== undefined) this.#files.set(address, before)
        else read.push(this.#parse(bytes, address))
      } catch (error) {
        if (!(error instanceof DocumentError)) throw error
        this.#unread.set(address, { error, references: [reference] })
      }
    }
    return read
  }

  async #read(url: URL, rules: ReferenceRules): Promise<ReadBytes> {
    if (this.#filesLeft <= 0) throw new DocumentError(`It is one of more than ${this.#limits.files} files`)
    this.#filesLeft -= 1
    const isMain = this.#rules === undefined
    const allows = (real: URL) => (isMain && real.protocol === 'file:') || rules.allows(real)
    const mostBytes = this.#bytesLeft
    const read =
      url.protocol === 'file:'
        ? await readLocal(url, mostBytes, allows)
        : await this.#fetch(url, { mostBytes, timeoutMs: this.#limits.fetchMs, allows })
    this.#bytesLeft -= read.bytes.length
    return read
  }

  async #fetch(url: URL, bounds: RemoteBounds): Promise<ReadBytes> {
    if (this.#fetchMsLeft <= 0)
      throw new DocumentError(
        `The files before it took the ${this.#limits.allFetchesMs / 1_000} s that there are for all`,
      )
    const started = performance.now()
    try {
      return await readRemote(url, { ...bounds, timeoutMs: Math.min(bounds.timeoutMs, Math.ceil(this.#fetchMsLeft)) })
    } finally {
      this.#fetchMsLeft -= performance.now() - started
    }
  }

  #parse({ url, bytes }: ReadBytes, address: string): ReadFile {
    const file = new SourceFile(url.href, decodeText(bytes))
    const root = parseSource(file, diagnostic => this.#diagnostics.push(diagnostic))
    const read = { file, root, ...findReferences(root) }
    this.#files.set(url.href, read)
    this.#files.set(address, read)
    return read
  }

  #firstFault(): string | undefined {
    return this.#diagnostics[0]?.message
  }

  #checkTarget(document: SourceDocument, { owner, value, text }: Reference): void {
    const address = addressOf(text, owner.file.url)
    if (address !== undefined && this.#unread.has(address)) return
    const target = address === undefined ? undefined : document.target(owner.file, text)
    if (target === undefined)
      this.#diagnostics.push({
        code: 'reference-not-found',
        range: value,
        message: `"${text}" leads nowhere`,
        remedy: address === undefined ? 'Write the address of a file, or "#" and a JSON Pointer' : placeRemedy(text),
      })
    else if (document.resolve(owner) === undefined && isCycle(document, owner))
      this.#diagnostics.push({
        code: 'reference-cycle',
        range: value,
        message: `"${text}" leads back to itself without anything on the way`,
        remedy: 'Let one of these references lead to what is meant',
      })
  }
}

const placeRemedy = (text: string): string => {
  const [file = '', pointer = ''] = text.split('#', 2)
  return `Define "${pointer}" in ${file === '' ? 'this file' : `"${file}"`}, or correct the reference`
}

/** Whether references only lead to each other: a chain that leads out of what was read is told by its last one. */
function isCycle(document: SourceDocument, start: SourceNode): boolean {
  const seen = new Set<SourceNode>()
  let at: SourceNode | undefined = start
  while (at !== undefined && !seen.has(at)) {
    seen.add(at)
    const next: SourceNode | undefined = document.step(at)
    // Neither what leads out nor what ends at a value is a cycle.
    if (next === at && referenceOf(at) === undefined) return false
    at = next
  }
  return at !== undefined
}

function unreadDiagnostic({ error, references }: Unread): Diagnostic {
  const [first] = references
  const { value, text, owner } = first!
  const address = addressOf(text, owner.file.url) ?? text
  const more = references.length - 1
  const others = more === 0 ? '' : ` (and ${more} more ${more === 1 ? 'reference does' : 'references do'})`
  if (error.isNotAllowed)
    return {
      code: 'reference-not-followed',
      range: value,
      message: `"${text}" leads out of the document's own folder or origin${others}, and is not followed`,
      remedy: `To follow it, add --allow-ref ${folderOf(address)}`,
    }
  return {
    code: 'reference-unreadable',
    range: value,
    message: `"${text}" leads to a file that cannot be read${others}: ${error.message}`,
    remedy: 'Correct the reference, or put the file there',
  }
}

function folderOf(address: string): string {
  const folder = new URL('./', address)
  return folder.protocol === 'file:' ? fileURLToPath(folder) : folder.href
}

function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new DocumentError('It is not UTF-8 text', { cause })
  }
}

function requireOpenApi(root: SourceNode): void {
  const version = versionText(root)
  if (version !== undefined && /^3\.[0-2](?:\.|$)/.test(version)) return
  const found = version === undefined ? 'It has no "openapi" that says its version' : `Its "openapi" is "${version}"`
  throw new DocumentError(`${found}: only OpenAPI 3.0, 3.1 and 3.2 can be read`)
}
