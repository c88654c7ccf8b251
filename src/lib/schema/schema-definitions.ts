import { parseJsonPointer } from '../json/json-pointer.ts'
import { asJsonSchema, type JsonSchema } from './json-schema.ts'
import { setOwn } from './own-property.ts'

/** How a library passes on the names of schemas. */
export interface SchemaNaming {
  /** The names that its conversion generates. */
  readonly madeUpName: RegExp
  /** The keyword of a name that was given. */
  readonly nameKeyword: string
}

/** Keywords that say where a schema stands or what it is called. */
const WHERE: ReadonlySet<string> = new Set(['$schema', '$id', '$anchor', '$defs', 'definitions', '$comment'])

/** Keywords that say nothing about a value: they may differ from one use of a named schema to another. */
const ANNOTATIONS: ReadonlySet<string> = new Set(['title', 'description', 'deprecated', 'examples', 'default'])

/** A name of two schemas, or of no schema. */
export class SchemaNameError extends Error {}

/** The named schemas of one conversion: the targets of references, and their names in `$defs`. */
export class SchemaDefinitions {
  readonly #root: JsonSchema
  readonly #naming: SchemaNaming
  readonly #schemasIn: (schema: JsonSchema) => readonly JsonSchema[]
  /** The entries of every `$defs`, and schemas with a name of their own. */
  readonly #sources = new Map<string, JsonSchema>()
  readonly #madeUp = new Map<string, string>()
  readonly #known = new Map<string, Definition>()
  readonly #made = new Map<string, JsonSchema>()

  constructor(root: JsonSchema, naming: SchemaNaming, schemasIn: (schema: JsonSchema) => readonly JsonSchema[]) {
    this.#root = root
    this.#naming = naming
    this.#schemasIn = schemasIn
    const open: JsonSchema[] = [root]
    for (let schema = open.pop(); schema !== undefined; schema = open.pop()) {
      for (const keyword of ['$defs', 'definitions'])
        for (const [name, value] of Object.entries(asJsonSchema(schema[keyword]) ?? {})) this.#source(name, value)
      this.#source(this.#ownName(schema), schema)
      // Not `push(...schemas)`: a union may have hundreds of thousands of branches.
      for (const inner of schemasIn(schema)) open.push(inner)
    }
  }

  #source(name: string | undefined, value: unknown): void {
    const schema = asJsonSchema(value)
    if (name !== undefined && schema !== undefined && !this.#sources.has(name)) this.#sources.set(name, schema)
  }

  /** The name that a schema gives itself, in the form of a component's name. */
  nameOf(schema: JsonSchema): string | undefined {
    const name = this.#ownName(schema)
    return name === undefined ? undefined : componentName(name)
  }

  /** Whether the keyword says where the schema stands or what it is called. */
  isName(keyword: string): boolean {
    return keyword === this.#naming.nameKeyword || WHERE.has(keyword)
  }

  #ownName(schema: JsonSchema): string | undefined {
    const name = schema['$id'] ?? schema[this.#naming.nameKeyword]
    return typeof name === 'string' ? name : undefined
  }

  /**
   * Adds a definition unless it is known, and gives the annotations that belong to this use of it only; throws where
   * the name belongs to another schema.
   */
  define(name: string, schema: JsonSchema, normalise: (schema: JsonSchema) => JsonSchema): JsonSchema {
    const { text, annotations } = this.#read(schema)
    const known = this.#known.get(name)
    if (known === undefined) {
      this.#known.set(name, { text, annotations })
      this.#made.set(name, {})
      this.#made.set(name, normalise(schema))
      return {}
    }
    if (known.text !== text)
      throw new SchemaNameError(`The name "${name}" is used for two different schemas: give one of them another name`)
    const own = annotations.filter(
      ([keyword, value]) => !known.annotations.some(([k, v]) => k === keyword && v === value),
    )
    return Object.fromEntries(own)
  }

  #read(schema: JsonSchema): Definition {
    const members = Object.entries(schema).filter(([keyword]) => !this.isName(keyword))
    return {
      text: JSON.stringify(members.filter(([keyword]) => !ANNOTATIONS.has(keyword))),
      annotations: members.filter(([keyword]) => ANNOTATIONS.has(keyword)),
    }
  }

  /** A reference in its normal form; its target is added. */
  reference(reference: string, normalise: (schema: JsonSchema) => JsonSchema): string {
    const source = this.#target(reference)
    if (source === this.#root && this.#ownName(source) === undefined) return '#'
    const name = this.nameOf(source) ?? this.#nameFor(reference)
    this.define(name, source, normalise)
    return `#/$defs/${name}`
  }

  /** The target of an unnamed reference where it can be inlined, which a target that leads back to itself cannot. */
  inlined(reference: string): JsonSchema | undefined {
    const source = this.#target(reference)
    return source === this.#root || !this.#isUnnamed(reference) || this.#isCircle(source) ? undefined : source
  }

  #isUnnamed(reference: string): boolean {
    const target = this.#target(reference)
    return (
      this.#ownName(target) === undefined && (target === this.#root || this.#naming.madeUpName.test(keyOf(reference)))
    )
  }

  #isCircle(target: JsonSchema): boolean {
    const seen = new Set<JsonSchema>()
    const open = [target]
    for (let schema = open.pop(); schema !== undefined; schema = open.pop())
      for (const inner of [...this.#schemasIn(schema), ...this.#unnamedTarget(schema)]) {
        if (inner === target) return true
        if (seen.has(inner) || this.#ownName(inner) !== undefined) continue
        seen.add(inner)
        open.push(inner)
      }
    return false
  }

  #unnamedTarget({ $ref: reference }: JsonSchema): JsonSchema[] {
    return typeof reference === 'string' && this.#isUnnamed(reference) ? [this.#target(reference)] : []
  }

  #target(reference: string): JsonSchema {
    const source = reference === '#' ? this.#root : this.#sources.get(keyOf(reference))
    if (source === undefined)
      throw new SchemaNameError(
        `A reference points to "${reference}", which does not exist: define it in the same schema`,
      )
    return source
  }

  #nameFor(reference: string): string {
    const key = keyOf(reference)
    if (!this.#naming.madeUpName.test(key)) return componentName(key)
    const made = this.#madeUp.get(key) ?? `__schema${this.#madeUp.size}`
    this.#madeUp.set(key, made)
    return made
  }

  /** All definitions that are referred to. */
  made(): Record<string, JsonSchema> {
    const made: Record<string, JsonSchema> = {}
    for (const [name, schema] of this.#made) setOwn(made, name, schema)
    return made
  }
}

interface Definition {
  readonly text: string
  readonly annotations: readonly (readonly [keyword: string, value: unknown])[]
}

const componentName = (name: string) => name.replaceAll(/[^A-Za-z0-9._-]/g, '_')

/** The name in `#/$defs/Name`; TypeBox writes the bare name. */
function keyOf(reference: string): string {
  const [, name, ...rest] = reference.startsWith('#/')
    ? parseJsonPointer(decodeURIComponent(reference.slice(1)))
    : ['', reference]
  return name === undefined || rest.length > 0 ? reference : name
}
