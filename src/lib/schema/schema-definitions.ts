import { parseJsonPointer } from '../json-pointer.ts'
import { asJsonSchema, type JsonSchema } from './json-schema.ts'
import { setOwn } from './own-property.ts'

/** Keywords that say where a schema stands or what it is called. */
export const WHERE: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  '$anchor',
  'id',
  '$defs',
  'definitions',
  '$comment',
])

/** A name that stands for two schemas, or for none. */
export class SchemaNameError extends Error {}

/** The named schemas of one conversion: what references lead to, and the names they get in `$defs`. */
export class SchemaDefinitions {
  readonly #root: JsonSchema
  readonly #madeUpName: RegExp
  readonly #schemasIn: (schema: JsonSchema) => readonly JsonSchema[]
  /** The entries of every `$defs`, and schemas with a name of their own. */
  readonly #sources = new Map<string, JsonSchema>()
  readonly #madeUp = new Map<string, string>()
  readonly #texts = new Map<string, string>()
  readonly #made = new Map<string, JsonSchema>()

  constructor(root: JsonSchema, madeUpName: RegExp, schemasIn: (schema: JsonSchema) => readonly JsonSchema[]) {
    this.#root = root
    this.#madeUpName = madeUpName
    this.#schemasIn = schemasIn
    const open: JsonSchema[] = [root]
    for (let schema = open.pop(); schema !== undefined; schema = open.pop()) {
      for (const keyword of ['$defs', 'definitions'])
        for (const [name, value] of Object.entries(asJsonSchema(schema[keyword]) ?? {})) this.#source(name, value)
      this.#source(ownName(schema), schema)
      open.push(...schemasIn(schema))
    }
  }

  #source(name: string | undefined, value: unknown): void {
    const schema = asJsonSchema(value)
    if (name !== undefined && schema !== undefined && !this.#sources.has(name)) this.#sources.set(name, schema)
  }

  /** The name that a schema bears itself, as a component may be called. */
  nameOf(schema: JsonSchema): string | undefined {
    const name = ownName(schema)
    return name === undefined ? undefined : componentName(name)
  }

  /** Takes a definition in, unless it is there; throws where the name stands for another schema. */
  define(name: string, schema: JsonSchema, normalise: (schema: JsonSchema) => JsonSchema): void {
    const text = JSON.stringify(Object.entries(schema).filter(([keyword]) => !WHERE.has(keyword)))
    const known = this.#texts.get(name)
    if (known !== undefined && known !== text)
      throw new SchemaNameError(`The name "${name}" stands for two different schemas: give one of them another name`)
    if (known !== undefined) return
    this.#texts.set(name, text)
    this.#made.set(name, {})
    this.#made.set(name, normalise(schema))
  }

  /** A reference in its one form; what it leads to is taken in. */
  reference(reference: string, normalise: (schema: JsonSchema) => JsonSchema): string {
    const source = this.#target(reference)
    if (source === this.#root && ownName(source) === undefined) return '#'
    const name = this.nameOf(source) ?? this.#nameFor(reference)
    this.define(name, source, normalise)
    return `#/$defs/${name}`
  }

  /** What an unnamed reference leads to, where it can stand in its place: it does not lead back to itself. */
  inlined(reference: string): JsonSchema | undefined {
    const source = this.#target(reference)
    return source === this.#root || !this.#isUnnamed(reference) || this.#isCircle(source) ? undefined : source
  }

  #isUnnamed(reference: string): boolean {
    const target = this.#target(reference)
    return ownName(target) === undefined && (target === this.#root || this.#madeUpName.test(keyOf(reference)))
  }

  #isCircle(target: JsonSchema): boolean {
    const seen = new Set<JsonSchema>()
    const open = [target]
    for (let schema = open.pop(); schema !== undefined; schema = open.pop())
      for (const inner of [...this.#schemasIn(schema), ...this.#unnamedTarget(schema)]) {
        if (inner === target) return true
        if (seen.has(inner) || ownName(inner) !== undefined) continue
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
      throw new SchemaNameError(`A reference leads to "${reference}", which is not there: define it in the same schema`)
    return source
  }

  #nameFor(reference: string): string {
    const key = keyOf(reference)
    if (!this.#madeUpName.test(key)) return componentName(key)
    const made = this.#madeUp.get(key) ?? `__schema${this.#madeUp.size}`
    this.#madeUp.set(key, made)
    return made
  }

  /** All definitions that were asked for. */
  made(): Record<string, JsonSchema> {
    const made: Record<string, JsonSchema> = {}
    for (const [name, schema] of this.#made) setOwn(made, name, schema)
    return made
  }
}

/** `$id` is TypeBox's, `id` the metadata of ArkType and Valibot. */
function ownName({ $id, id }: JsonSchema): string | undefined {
  return typeof $id === 'string' ? $id : typeof id === 'string' ? id : undefined
}

const componentName = (name: string) => name.replaceAll(/[^A-Za-z0-9._-]/g, '_')

/** The name in `#/$defs/Name`; TypeBox writes the bare name. */
function keyOf(reference: string): string {
  const [, name, ...rest] = reference.startsWith('#/')
    ? parseJsonPointer(decodeURIComponent(reference.slice(1)))
    : ['', reference]
  return name === undefined || rest.length > 0 ? reference : name
}
