import type { SourceFile } from './source-file.ts'

/** Where something stands: from `start` up to `end`, as UTF-16 indexes of the file's text. */
export interface SourceRange {
  readonly file: SourceFile
  readonly start: number
  readonly end: number
}

/** A value of a JSON or YAML file with its place. An alias of YAML is the very node that it stands for. */
export type SourceNode = SourceObject | SourceList | SourceScalar

/** A mapping. `members` are in the order of the file; of a repeated key, the first counts. */
export interface SourceObject extends SourceRange {
  readonly kind: 'object'
  readonly members: ReadonlyMap<string, SourceMember>
}

export interface SourceList extends SourceRange {
  readonly kind: 'list'
  readonly items: readonly SourceNode[]
}

export interface SourceScalar extends SourceRange {
  readonly kind: 'scalar'
  readonly value: string | number | boolean | null
}

export interface SourceMember {
  readonly key: SourceKey
  readonly value: SourceNode
}

/** A key as it stands in the file. */
export interface SourceKey extends SourceRange {
  readonly text: string
  /** How it is written; `braces` is a mapping of YAML that was meant as text: `{$request.body#/url}` without quotes. */
  readonly style: 'plain' | 'single' | 'double' | 'block' | 'braces'
}

/** The member of that name, if the node is a mapping and has it. */
export function memberOf(node: SourceNode | undefined, name: string): SourceNode | undefined {
  return node?.kind === 'object' ? node.members.get(name)?.value : undefined
}

/** The members of a mapping, none of anything else; extensions (`x-…`) are left out. */
export function membersOf(node: SourceNode | undefined): SourceMember[] {
  if (node?.kind !== 'object') return []
  return [...node.members.values()].filter(({ key }) => !key.text.startsWith('x-'))
}

/** The items of a list, none of anything else. */
export function itemsOf(node: SourceNode | undefined): readonly SourceNode[] {
  return node?.kind === 'list' ? node.items : []
}

/** The text of a scalar that is text. */
export function textOf(node: SourceNode | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined
}
