import { parseJsonPointer } from '../json-pointer.ts'
import { asJsonSchema, type JsonSchema } from './json-schema.ts'
import { setOwn } from './own-property.ts'

/** Collects the named schemas of one conversion and gives each its name in `$defs`. */
export class SchemaDefinitions {
  readonly #root: JsonSchema
  readonly #madeUpName: RegExp
  /** What a reference may lead to: the entries of every `$defs`, and schemas with a name of their own. */
  readonly #sources = new Map<string, JsonSchema>()
  readonly #madeUp = new Map<string, string>()
  readonly #texts = new Map<string, string>()
  readonly #made = new Map<string, JsonSchema>()

  constructor(root: JsonSchema, madeUpName: RegExp, schemasIn: (schema: JsonSchema) => readonly JsonSchema[]) {
    this.#root = root
    this.#madeUpName = madeUpName
    const open: JsonSchema[] = [root]
    for (let schema = open.pop(); schema !== undefined; schema = open.pop()) {
      for (const keyword of ['$defs', 'definitions'])
        for (const [name, value] of Object.entries(asJsonSchema(schema[keyword]) ?? {})) this.#source(name, value)
      if (ownName(schema) !== undefined) this.#source(ownName(schema)!, schema)
      open.push(...schemasIn(schema))
    }
  }

  #source(name: string, value: unknown): void {
    const schema = asJsonSchema(value)
    if (schema !== undefined && !this.#sources.has(name)) this.#sources.set(name, schema)
  }

  /** The name that a schema bears itself, as a component may be called. */
  nameOf(schema: JsonSchema): string | undefined {
    return ownName(schema)?.replaceAll(/[^A-Za-z0-9._-]/g, '_')
  }

  /** Takes a definition in, unless it is there; throws where the name stands for another schema. */
  define(name: string, schema: JsonSchema, normalise: (schema: JsonSchema) => JsonSchema): void {
    const text = JSON.stringify(schema)
    const known = this.#texts.get(name)
    if (known !== undefined && known !== text)
      throw new Error(`The name "${name}" stands for two different schemas in it, so one of them needs another name`)
    if (known !== undefined) return
    this.#texts.set(name, text)
    this.#made.set(name, {})
    this.#made.set(name, normalise(schema))
  }

  /** A reference in its one form; what it leads to is taken in. */
  reference(reference: string, normalise: (value: unknown) => unknown): string {
    if (reference === '#') return this.#reference(this.nameOf(this.#root), reference)
    const [keyword, name, ...rest] = reference.startsWith('#/')
      ? parseJsonPointer(decodeURIComponent(reference.slice(1)))
      : ['$defs', reference]
    const source = name === undefined || rest.length > 0 ? undefined : this.#sources.get(name)
    if (source === undefined || (keyword !== '$defs' && keyword !== 'definitions'))
      throw new Error(`It refers to "${reference}", which it does not hold`)
    if (source === this.#root && ownName(source) === undefined) return '#'
    const given = this.nameOf(source) ?? this.#nameFor(name!)
    this.define(given, source, schema => normalise(withoutName(schema)) as JsonSchema)
    return this.#reference(given, reference)
  }

  #reference = (name: string | undefined, otherwise: string) => (name === undefined ? otherwise : `#/$defs/${name}`)

  #nameFor(name: string): string {
    if (!this.#madeUpName.test(name)) return name.replaceAll(/[^A-Za-z0-9._-]/g, '_')
    const made = this.#madeUp.get(name) ?? `__schema${this.#madeUp.size}`
    this.#madeUp.set(name, made)
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

function withoutName(schema: JsonSchema): JsonSchema {
  const { $id: _, id: __, ...rest } = schema
  return rest
}
