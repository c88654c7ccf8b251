import { parseJsonPointer } from '../../json/json-pointer.ts'
import type { Diagnostic } from '../diagnostic.ts'
import type { SourceFile } from '../source/source-file.ts'
import { memberOf, type SourceNode, textOf } from '../source/source-node.ts'
import { type FileReferences, referenceOf } from './reference.ts'

/** A file that was read. */
export interface ReadFile extends FileReferences {
  readonly file: SourceFile
  readonly root: SourceNode | undefined
}

/** More references than anybody has in a row. */
const mostHops = 100

/** An OpenAPI document with every file that it refers to, as far as they may be read. */
export class SourceDocument {
  readonly root: SourceNode
  /** `3.0`, `3.1`, `3.2`. */
  readonly version: string
  /** Those that were found while it was read. */
  readonly diagnostics: readonly Diagnostic[]
  /** By the address that a reference names. */
  readonly files: ReadonlyMap<string, ReadFile>

  constructor(root: SourceNode, files: ReadonlyMap<string, ReadFile>, diagnostics: readonly Diagnostic[]) {
    this.root = root
    this.files = files
    this.diagnostics = diagnostics
    const [version = ''] = /^\d+\.\d+/.exec(versionText(root) ?? '') ?? []
    this.version = version
  }

  /** What a node stands for: itself, or what its references lead to in the end; undefined where that is not known. */
  resolve(node: SourceNode | undefined): SourceNode | undefined {
    let at = node
    for (let hop = 0; hop < mostHops; hop += 1) {
      if (referenceOf(at) === undefined) return at
      at = this.step(at)
    }
    return undefined
  }

  /** What a node's reference leads to, be that another reference; itself where it is none. */
  step(node: SourceNode | undefined): SourceNode | undefined {
    const reference = referenceOf(node)
    return reference === undefined ? node : this.target(reference.owner.file, reference.text)
  }

  /** What a reference in a file leads to, which may be another reference. */
  target(from: SourceFile, reference: string): SourceNode | undefined {
    return this.#target(from, reference, { hops: mostHops })
  }

  #target(from: SourceFile, reference: string, left: { hops: number }): SourceNode | undefined {
    const [address = '', fragment = ''] = reference.split('#', 2)
    const url = address === '' ? from.url : addressOf(address, from.url)
    const file = url === undefined ? undefined : this.files.get(url)
    if (file === undefined) return undefined
    if (fragment === '') return file.root
    const pointer = decoded(fragment)
    return pointer.startsWith('/') ? this.#walk(file.root, pointer, left) : file.anchors.get(pointer)
  }

  /** References on the way are followed, as most tools do. All that follow from one have their number of hops together. */
  #walk(root: SourceNode | undefined, pointer: string, left: { hops: number }): SourceNode | undefined {
    let at = root
    for (const token of parseJsonPointer(pointer)) {
      while (at !== undefined && memberOf(at, token) === undefined) {
        const reference = referenceOf(at)
        if (reference === undefined) break
        left.hops -= 1
        at = left.hops < 0 ? undefined : this.#target(reference.owner.file, reference.text, left)
      }
      at = at?.kind === 'list' ? at.items[/^\d+$/.test(token) ? Number(token) : -1] : memberOf(at, token)
    }
    return at
  }
}

/** The address of another file, without the place in it. */
export function addressOf(reference: string, base: string): string | undefined {
  const url = URL.parse(reference, base)
  if (url === null) return undefined
  url.hash = ''
  return url.href
}

/** A version may be written as a number. */
export function versionText(root: SourceNode): string | undefined {
  const node = memberOf(root, 'openapi')
  if (node?.kind !== 'scalar') return undefined
  return textOf(node) ?? node.file.text.slice(node.start, node.end)
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}
