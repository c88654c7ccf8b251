import {
  Kind,
  safeLoad,
  type YAMLAnchorReference,
  type YAMLNode,
  type YAMLScalar,
  type YAMLSequence,
  type YamlMap,
} from 'yaml-ast-parser'
import type { Report } from '../diagnostic.ts'
import { scalarValue } from './scalar-value.ts'
import type { SourceFile } from './source-file.ts'
import type { SourceKey, SourceMember, SourceNode, SourceRange } from './source-node.ts'

/** No document of OpenAPI nests deeper. */
const mostDepth = 500
const mostAliases = 100
/** What is wrong beyond is most likely wrong for the same reason. */
const mostFaults = 5

/**
 * Reads a file as YAML, of which JSON is a part. What is wrong is reported; the rest is read all the same. Gives nothing if
 * the file has no content.
 */
export function parseSource(file: SourceFile, report: Report): SourceNode | undefined {
  try {
    const document: YAMLNode | undefined = safeLoad(file.text, { ignoreDuplicateKeys: true } as object)
    for (const { reason, mark } of document?.errors.slice(0, mostFaults) ?? []) {
      const start = Math.min(mark.position, file.text.length)
      const remedy = 'Write it as YAML or JSON'
      report({ code: 'syntax', range: { file, start, end: start }, message: sentence(reason), remedy })
    }
    return document === undefined ? undefined : new Reader(file, report).read(document, 0)
  } catch (error) {
    if (error instanceof RangeError) report(tooDeep({ file, start: 0, end: 0 }))
    else
      report({
        code: 'syntax',
        range: { file, start: 0, end: 0 },
        message: String((error as Error).message),
        remedy: 'Write it as YAML or JSON',
      })
    return undefined
  }
}

function sentence(reason: string): string {
  const text = reason.replaceAll(/\s+/g, ' ').trimEnd().replace(/[.:]$/, '')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const tooDeep = (range: SourceRange) => ({
  code: 'limit' as const,
  range,
  message: `More than ${mostDepth} objects and lists lie inside of each other`,
  remedy: 'Name the inner ones under "components", and refer to them',
})

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

  read(node: YAMLNode | null | undefined, depth: number): SourceNode {
    const range = this.#rangeOf(node)
    if (depth > mostDepth) {
      this.#report(tooDeep(range))
      return { kind: 'scalar', ...range, value: null }
    }
    if (node?.kind === Kind.ANCHOR_REF) return this.#readAlias((node as YAMLAnchorReference).referencesAnchor, range)
    const read = this.#readValue(node, range, depth)
    // It has its name once it is complete: an alias inside of it would make a loop.
    if (node?.anchorId !== undefined) this.#anchors.set(node.anchorId, read)
    return read
  }

  #readValue(node: YAMLNode | null | undefined, range: SourceRange, depth: number): SourceNode {
    if (node?.kind === Kind.MAP) return { kind: 'object', ...range, members: this.#readMembers(node as YamlMap, depth) }
    if (node?.kind === Kind.SEQ)
      return { kind: 'list', ...range, items: (node as YAMLSequence).items.map(item => this.read(item, depth + 1)) }
    if (node?.kind !== Kind.SCALAR) return { kind: 'scalar', ...range, value: null }
    const { value, plainScalar } = node as YAMLScalar
    return { kind: 'scalar', ...range, value: plainScalar ? scalarValue(value) : value }
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

  #readMembers(map: YamlMap, depth: number): Map<string, SourceMember> {
    const members = new Map<string, SourceMember>()
    const merged: SourceNode[] = []
    for (const pair of map.mappings) {
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

  #readKey(node: YAMLNode): SourceKey {
    const range = this.#rangeOf(node)
    const written = this.#file.text.slice(range.start, range.end)
    if (node.kind === Kind.MAP) return { ...range, text: written, style: 'braces' }
    if (node.kind !== Kind.SCALAR) return { ...range, text: written, style: 'plain' }
    const { value, plainScalar, doubleQuoted, singleQuoted } = node as YAMLScalar
    const style = doubleQuoted
      ? 'double'
      : singleQuoted || written.startsWith("'")
        ? 'single'
        : plainScalar
          ? 'plain'
          : 'block'
    return { ...range, text: value, style }
  }

  #reportTwice(key: SourceKey): void {
    this.#report({
      code: 'duplicate-key',
      range: key,
      message: `The key "${key.text}" stands here for the second time; only the first counts here, and other tools may take the last`,
      remedy: 'Remove or rename one of the two',
    })
  }

  #rangeOf(node: YAMLNode | null | undefined): SourceRange {
    const { startPosition = 0, endPosition = 0 } = node ?? {}
    return { file: this.#file, start: startPosition, end: endPosition }
  }
}
