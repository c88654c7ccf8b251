import type { DocumentReferences } from './document-references.ts'
import { type JsonObject, objectOf, textOf } from './json-object.ts'

type Components = Record<string, Record<string, unknown>>

/** Below these, keys are names of the author's. */
const NAMES = new Set([
  ...['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'mapping'],
  ...['responses', 'headers', 'content', 'encoding', 'callbacks', 'links', 'examples'],
])
/** Data, in which `$ref` is a name as any other. */
const DATA = new Set(['example', 'default', 'const', 'enum', 'value', 'dataValue'])

/** Copies parts of a document, and collects the components that they refer to. */
export class ComponentCopier {
  readonly #references: DocumentReferences
  // Without a prototype, as names may be any text
  readonly #components: Components = Object.create(null)
  /** The names of schemas that stood elsewhere, by their reference. */
  readonly #moved = new Map<string, string>()
  /** What is copied at the moment, from the component or part on that it belongs to. */
  #within = new Set<object>()

  constructor(references: DocumentReferences) {
    this.#references = references
  }

  /** A copy of which nothing is shared with the document. Throws where the document is not all there is. */
  copy(value: unknown, key = ''): unknown {
    if (typeof value !== 'object' || value === null) return value
    // In a schema, `examples` is a list of values
    if (DATA.has(key) || (key === 'examples' && Array.isArray(value))) return structuredClone(value)
    if (this.#within.has(value))
      throw new TypeError('The document contains itself: give it with its "$ref"s, and not with what they refer to')
    this.#within.add(value)
    try {
      return Array.isArray(value) ? value.map(item => this.copy(item)) : this.#object(value as JsonObject, key)
    } finally {
      this.#within.delete(value)
    }
  }

  /** A security scheme that an operation names. */
  takeScheme(name: string): void {
    this.#take('securitySchemes', name)
  }

  /** Adds a schema, of which the name is free or stands for the same. */
  define(name: string, schema: JsonObject): void {
    const schemas = this.#ofType('schemas')
    schemas[name] = {}
    schemas[name] = this.#copyApart(schema)
  }

  /** The components that the copies refer to, in the order of the document. */
  components(source: unknown): Components | undefined {
    const order = Object.keys(objectOf(source))
    const types = Object.keys(this.#components).toSorted((a, b) => order.indexOf(a) - order.indexOf(b))
    if (types.length === 0) return undefined
    return Object.fromEntries(types.map(type => [type, this.#inOrder(type, objectOf(objectOf(source)[type]))]))
  }

  #inOrder(type: string, source: JsonObject): Record<string, unknown> {
    const taken = this.#components[type]!
    const order = Object.keys(source)
    const names = Object.keys(taken).toSorted((a, b) => order.indexOf(a) - order.indexOf(b))
    return Object.fromEntries(names.map(name => [name, taken[name]]))
  }

  #object(object: JsonObject, key: string): unknown {
    const reference = NAMES.has(key) ? undefined : textOf(object['$ref'])
    if (reference !== undefined) return this.#referring(reference, object)
    const copied = Object.entries(object).map(([name, value]) => {
      const isScheme = key === 'mapping' && typeof value === 'string' && value.startsWith('#/')
      if (isScheme) return [name, this.#pointed(value) ?? value] as const
      return [name, this.copy(value, NAMES.has(key) ? '' : name)] as const
    })
    return Object.fromEntries(copied)
  }

  #referring(reference: string, object: JsonObject): unknown {
    if (!reference.startsWith('#'))
      throw new TypeError(
        `The document refers to "${reference}": give it with what stands in other files, for example by "redocly bundle"`,
      )
    const others = Object.entries(object).filter(([name]) => name !== '$ref')
    const copied = Object.fromEntries(others.map(([name, value]) => [name, this.copy(value, name)]))
    // An anchor of a schema, and a pointer that leads nowhere, stay as they are
    const pointer = this.#pointed(reference)
    if (pointer !== undefined) return { $ref: pointer, ...copied }
    return { ...objectOf(this.copy(this.#references.at(reference))), ...copied }
  }

  /** Where it is found in the new document; undefined for what is best written in its place. */
  #pointed(reference: string): string | undefined {
    const [, root, type, name] = reference.split('/')
    if (!reference.startsWith('#/') || this.#references.at(reference) === undefined) return reference
    if (root === 'components' && type !== undefined && name !== undefined) {
      this.#take(type, name.replaceAll('~1', '/').replaceAll('~0', '~'))
      return reference
    }
    if (!/\/(?:schema|schemas|properties|items|allOf|anyOf|oneOf)(?:\/|$)/.test(reference)) return undefined
    return `#/components/schemas/${this.#move(reference)}`
  }

  #move(reference: string): string {
    const known = this.#moved.get(reference)
    if (known !== undefined) return known
    const words = reference
      .split(/[^A-Za-z0-9]+/)
      .filter(word => word !== '' && !/^(?:paths|content|schema|application|json)$/.test(word))
    const first = words.map(word => word[0]!.toUpperCase() + word.slice(1)).join('')
    let name = first
    for (let number = 2; this.#references.at(`#/components/schemas/${name}`) !== undefined; number++)
      name = first + number
    this.#moved.set(reference, name)
    const schemas = this.#ofType('schemas')
    schemas[name] = {}
    schemas[name] = this.#copyApart(this.#references.at(reference))
    return name
  }

  #take(type: string, name: string): void {
    const taken = this.#ofType(type)
    if (Object.hasOwn(taken, name)) return
    const component = this.#references.at(`#/components/${type}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    if (component === undefined) return
    // Before what it contains, which may refer to it
    taken[name] = {}
    taken[name] = this.#copyApart(component)
  }

  /** A component may refer to itself, and what is copied at the moment may be a part of it. */
  #copyApart(component: unknown): unknown {
    const within = this.#within
    this.#within = new Set()
    try {
      return this.copy(component)
    } finally {
      this.#within = within
    }
  }

  #ofType(type: string): Record<string, unknown> {
    const known = this.#components[type] ?? Object.create(null)
    this.#components[type] = known
    return known
  }
}
