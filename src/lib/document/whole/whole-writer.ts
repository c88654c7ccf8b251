import { setOwn } from '../../schema/own-property.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { type Reference, referenceOf } from '../reading/reference.ts'
import type { SourceDocument } from '../reading/source-document.ts'
import { memberOf, type SourceNode, type SourceObject, textOf } from '../source/source-node.ts'
import { ComponentNames } from './component-names.ts'
import { componentTypeOf, type Held, heldObjects, type ObjectKind } from './held-objects.ts'
import { lostReference } from './lost-reference.ts'

type Written = Record<string, unknown>

/** Aliases, and what is written in the place of references, can make a small document one of any size. */
const mostValues = 1_000_000

/** What names a schema for references, or says how to read it as one of its own: both end with its move. */
const ofFiles = new Set(['$id', '$schema', '$anchor', 'definitions'])

/** Writes parts of a document so that references lead to components only, which it writes too. */
export class WholeWriter {
  readonly faults: Diagnostic[] = []
  readonly components: Record<string, Written> = {}
  readonly #document: SourceDocument
  readonly #names = new Map<string, ComponentNames>()
  /** What is written in the place of a reference at the moment: it can hold itself. */
  readonly #within = new Set<SourceNode>()
  #left = mostValues

  constructor(document: SourceDocument) {
    this.#document = document
  }

  /** One object of a kind, or a list of them. */
  write(node: SourceNode, kind: ObjectKind): unknown {
    if (this.#isTooMuch(node) || node.kind === 'scalar') return node.kind === 'scalar' ? node.value : null
    if (node.kind === 'list') return node.items.map(item => this.write(item, kind))
    const reference = referenceOf(node)
    return reference === undefined ? this.#members(node, kind) : this.#referring(reference, kind)
  }

  /** Objects of a kind, by name. */
  writeByName(node: SourceNode, kind: ObjectKind): unknown {
    if (node.kind !== 'object') return this.#value(node)
    const reference = referenceOf(node)
    if (reference !== undefined && kind !== 'schema')
      return this.#inPlace(reference, target => this.writeByName(target, kind))
    const written: Written = {}
    for (const [name, { value }] of node.members) setOwn(written, name, this.write(value, kind))
    return written
  }

  #members(node: SourceObject, kind: ObjectKind): Written {
    const written: Written = {}
    for (const [name, { value }] of node.members) {
      if (name === '$ref' || (kind === 'schema' && this.#isOfFiles(name))) continue
      const held = kind === 'callback' ? 'pathItem' : heldObjects[kind][name]
      const plain = name.startsWith('x-') || held === undefined
      const member = plain ? this.#plainMember(name, value, kind) : this.#held(value, held)
      if (member !== undefined) setOwn(written, name, member)
    }
    return written
  }

  #isOfFiles(name: string): boolean {
    return ofFiles.has(name) || (name === '$defs' && this.#document.version === '3.0')
  }

  #held(node: SourceNode, held: Held): unknown {
    return typeof held === 'string' ? this.write(node, held) : this.writeByName(node, held.byName)
  }

  #plainMember(name: string, node: SourceNode, kind: ObjectKind): unknown {
    if (kind === 'schema' && name === 'discriminator') return this.#discriminator(node)
    const value = this.#value(node)
    // What an extension refers to is known to its own tools only
    if (name.startsWith('x-') && JSON.stringify(value).includes('"$ref":')) return undefined
    return value
  }

  /** A schema is named there by its component's name, or by a reference. */
  #discriminator(node: SourceNode): unknown {
    const value = this.#value(node)
    const mapping = memberOf(node, 'mapping')
    if (mapping?.kind !== 'object') return value
    const written: Written = {}
    for (const [name, { value: to }] of mapping.members) setOwn(written, name, this.#mapped(to))
    return { ...(value as Written), mapping: written }
  }

  #mapped(node: SourceNode): unknown {
    const text = textOf(node)
    if (text === undefined) return null
    const component = `#/components/schemas/${text}`
    const named = this.#document.target(this.#document.root.file, component)
    if (named !== undefined) return this.#pointer(named, component, 'schema') ?? text
    const target = this.#document.target(node.file, text)
    return (target && this.#pointer(target, text, 'schema')) ?? text
  }

  #referring(reference: Reference, kind: ObjectKind): unknown {
    const target = this.#document.step(reference.owner)
    if (target === undefined || this.#document.resolve(reference.owner) === undefined) return this.#lost(reference)
    const others = this.#members(reference.owner, kind)
    const pointer = this.#pointer(target, reference.text, kind)
    // Version 3.0 has nothing beside a reference
    if (pointer !== undefined)
      return this.#document.version === '3.0' ? { $ref: pointer } : { $ref: pointer, ...others }
    const inPlace = this.#inPlace(reference, one => this.write(one, kind))
    return isObject(inPlace) ? { ...inPlace, ...others } : inPlace
  }

  /** The place of a component, which is written unless it was before; undefined for a kind that has no place there. */
  #pointer(target: SourceNode, reference: string, kind: ObjectKind): string | undefined {
    const type = componentTypeOf(kind, this.#document.version)
    if (type === undefined) return undefined
    const names = this.#names.get(type) ?? new ComponentNames(this.#document, type)
    this.#names.set(type, names)
    const name = names.nameOf(target, reference)
    this.components[type] ??= {}
    const components = this.components[type]
    if (!Object.hasOwn(components, name)) {
      // Before what it holds, which may refer to it
      setOwn(components, name, {})
      setOwn(components, name, this.write(target, kind))
    }
    return `#/components/${type}/${name}`
  }

  #inPlace(reference: Reference, write: (target: SourceNode) => unknown): unknown {
    const target = this.#document.step(reference.owner)
    if (target === undefined || this.#document.resolve(reference.owner) === undefined) return this.#lost(reference)
    if (this.#within.has(target)) return this.#endless(reference)
    this.#within.add(target)
    try {
      return write(target)
    } finally {
      this.#within.delete(target)
    }
  }

  #lost(reference: Reference): Written {
    this.faults.push(lostReference(this.#document, reference))
    return {}
  }

  #endless(reference: Reference): Written {
    this.faults.push({
      code: 'reference-cycle',
      range: reference.value,
      message: `"${reference.text}" leads back to what it stands in, which cannot be written out`,
      remedy: 'Give it another end, or let it refer to a component that has one',
    })
    return {}
  }

  /** A value in which nothing is a reference. */
  #value(node: SourceNode): unknown {
    if (this.#isTooMuch(node)) return null
    if (node.kind === 'scalar') return node.value
    if (node.kind === 'list') return node.items.map(item => this.#value(item))
    const written: Written = {}
    for (const [name, { value }] of node.members) setOwn(written, name, this.#value(value))
    return written
  }

  #isTooMuch(node: SourceNode): boolean {
    this.#left -= 1
    if (this.#left === -1)
      this.faults.push({
        code: 'limit',
        range: node,
        message: `The document has more than ${mostValues.toLocaleString('en')} values once it is written out`,
        remedy: 'Let fewer aliases and references repeat the same',
      })
    return this.#left < 0
  }
}

const isObject = (value: unknown): value is Written =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
