import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The address that a user's argument names: a URL, or a path relative to the working directory. */
export function locationOf(argument: string): URL {
  return /^https?:\/\//i.test(argument) ? new URL(argument) : pathToFileURL(resolve(argument))
}

/**
 * What a document may make its reader read: what lies below its own folder or is of its own origin, and what the user
 * allowed. Paths are judged as they are once links are followed.
 */
export class ReferenceRules {
  readonly #prefixes: readonly string[]
  readonly #isRemote: boolean

  /** `root` is the document's address, a file's with links followed; `allowed` are the user's own prefixes. */
  constructor(root: URL, allowed: readonly string[]) {
    this.#isRemote = root.protocol !== 'file:'
    const own = this.#isRemote ? `${root.origin}/` : new URL('./', root).href
    this.#prefixes = [own, ...allowed.map(prefixOf)]
  }

  /** A document from elsewhere names no files here, whatever is allowed. */
  allows({ href, protocol }: URL): boolean {
    if (protocol === 'file:' ? this.#isRemote : !['http:', 'https:'].includes(protocol)) return false
    return this.#prefixes.some(prefix => isBelow(href, prefix))
  }
}

/** A prefix ends where a segment ends: "/common" does not mean "/common-secrets". */
function isBelow(href: string, prefix: string): boolean {
  if (!href.startsWith(prefix)) return false
  return prefix.endsWith('/') || ['', '/', '?', '#'].includes(href.charAt(prefix.length))
}

function prefixOf(argument: string): string {
  const url = locationOf(argument)
  if (url.protocol !== 'file:') return url.href
  try {
    return pathToFileURL(realpathSync(fileURLToPath(url))).href
  } catch {
    return url.href
  }
}
