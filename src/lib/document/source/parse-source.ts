import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, Scalar, type YAMLMap } from 'yaml'
import type { Report } from '../diagnostic.ts'
import type { SourceFile } from './source-file.ts'
import type { SourceKey, SourceMember, SourceNode, SourceRange } from './source-node.ts'

/** No document of OpenAPI nests deeper. */
const mostDepth = 500
const mostAliases = 100
/** What is wrong beyond is most likely wrong for the same reason. */
const mostFaults = 20

/**
 * Reads a file as YAML 1.2, of which JSON is a part. What is wrong is reported; the rest is read all the same. Gives
 * nothing if the file has no content.
 */
export function parseSource(file: SourceFile, report: Report): SourceNode | undefined {
  try {
    const document = parseDocument(file.text, {
      prettyErrors: false,
      uniqueKeys: false,
      stringKeys: false,
      logLevel: 'silent',
    })
    for (const { message, pos } of document.errors.slice(0, mostFaults))
      report({
        code: 'syntax',
        range: { file, start: pos[0], end: Math.max(pos[1], pos[0]) },
        message: sentence(message),
        remedy: 'Write it as YAML 1.2 or JSON',
      })
    return document.contents === null ? undefined : new Reader(file, report).read(document.contents, 0)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    report(tooDeep({ file, start: 0, end: 0 }))
    return undefined
  }
}

const sentence = (text: string): string => text.replace(/[.:]?\s*$/, '').replaceAll(/\s+/g, ' ')

const tooDeep = (range: SourceRange) => ({
  code: 'limit' as const,
  range,
  message: `More than ${mostDepth} objects and lists lie inside of each other`,
  remedy: 'Name the inner ones under "components", and refer to them',
})

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Turns the nodes of the library into ours. Aliases become the nodes that they stand for. */
class Reader {
  readonly #file: SourceFile
  readonly #report: Report
  readonly #anchors = new Map<string, SourceNode>()
  #aliases = 0

  constructor(file: SourceFile, report: Report) {
    this.#file = file
    this.#report = report
  }

  read(node: Node | null, depth: number): SourceNode {
    const range = this.#rangeOf(node)
    if (depth > mostDepth) {
      this.#report(tooDeep(range))
      return { kind: 'scalar', ...range, value: null }
    }
    if (isAlias(node)) return this.#readAlias(node.source, range)
    const read = this.#readValue(node, range, depth)
    // It has its name once it is complete: an alias inside of it would make a loop.
    if (node !== null && 'anchor' in node && node.anchor !== undefined) this.#anchors.set(node.anchor, read)
    return read
  }

  #readValue(node: Node | null, range: SourceRange, depth: number): SourceNode {
    if (isMap(node)) return { kind: 'object', ...range, members: this.#readMembers(node, depth) }
    if (isSeq(node)) {
      const items = node.items.map(item => this.read(item as Node | null, depth + 1))
      return { kind: 'list', ...range, items }
    }
    const value = isScalar(node) ? node.value : null
    const plain = value === null || ['string', 'number', 'boolean'].includes(typeof value)
    return { kind: 'scalar', ...range, value: plain ? (value as string | number | boolean | null) : String(value) }
  }

  #readAlias(name: string, range: SourceRange): SourceNode {
    this.#aliases += 1
    const known = this.#anchors.get(name)
    if (known !== undefined && this.#aliases <= mostAliases) return known
    if (known === undefined)
      this.#report({
        code: 'alias',
        range,
        message: `"*${name}" has no "&${name}" that is complete before it`,
        remedy: `Put "&${name}" before the value that is meant, ahead of this place and not around it`,
      })
    else if (this.#aliases === mostAliases + 1)
      this.#report({
        code: 'limit',
        range,
        message: `The file has more than ${mostAliases} aliases`,
        remedy: 'Use "$ref" in their place',
      })
    return { kind: 'scalar', ...range, value: null }
  }

  #readMembers(map: YAMLMap, depth: number): Map<string, SourceMember> {
    const members = new Map<string, SourceMember>()
    const merged: SourceNode[] = []
    for (const pair of map.items as Pair<Node | null, Node | null>[]) {
      const key = this.#readKey(pair.key)
      const value = this.read(pair.value, depth + 1)
      if (key.text === '<<' && key.style === 'plain') merged.push(value)
      else if (members.has(key.text)) this.#reportTwice(key)
      else members.set(key.text, { key, value })
    }
    for (const source of merged.flatMap(one => (one.kind === 'list' ? one.items : [one])))
      if (source.kind === 'object')
        for (const [name, member] of source.members) if (!members.has(name)) members.set(name, member)
    return members
  }

  #readKey(node: Node | null): SourceKey {
    const range = this.#rangeOf(node)
    const written = this.#file.text.slice(range.start, range.end)
    if (isMap(node)) return { ...range, text: written, style: 'braces' }
    if (!isScalar(node)) return { ...range, text: written, style: 'plain' }
    const text = typeof node.value === 'string' ? node.value : written
    return { ...range, text, style: styles[node.type ?? 'PLAIN'] ?? 'block' }
  }

  #reportTwice(key: SourceKey): void {
    this.#report({
      code: 'duplicate-key',
      range: key,
      message: `The key "${key.text}" stands here for the second time; only the first counts here, and other tools may take the last`,
      remedy: 'Remove or rename one of the two',
    })
  }

  #rangeOf(node: Node | null): SourceRange {
    const range: Mutable<SourceRange> = { file: this.#file, start: 0, end: 0 }
    if (node?.range) [range.start, range.end] = node.range
    return range
  }
}

const styles: Readonly<Record<string, SourceKey['style']>> = {
  [Scalar.PLAIN]: 'plain',
  [Scalar.QUOTE_SINGLE]: 'single',
  [Scalar.QUOTE_DOUBLE]: 'double',
}
