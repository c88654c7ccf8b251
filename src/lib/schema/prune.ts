import { asJsonSchema, type JsonSchema, propertiesOf, resolveReference, schemasUnder, typeOfValue, typesOf } from './json-schema.ts'

/** Gives the value without the properties that its schema does not declare; the same value if there are none. */
export type Pruning = (value: unknown) => unknown

interface Node {
  readonly properties: ReadonlyMap<string, Node>
  /** Undeclared properties: kept as they are, pruned by a schema of their own, or removed (undefined). */
  readonly others: Node | 'keep' | undefined
  readonly prefixItems: readonly Node[]
  readonly items: Node | undefined
  readonly branches: readonly Branch[]
}

interface Branch {
  readonly node: Node
  accepts(value: unknown): boolean
}

/**
 * Prepares the removal of undeclared properties from a validated value, so that a response never holds more than its
 * schema says, whatever the library does with extra properties. An object that the schema leaves open on purpose
 * (`additionalProperties`, or no declared property at all) keeps them. In a union the value is held against the
 * branches; what fits several keeps what any of them declares.
 */
export function compilePruning(root: JsonSchema): Pruning {
  const nodes = new Map<JsonSchema, Node>()
  const compile = (schema: JsonSchema): Node => {
    const here = resolveReference(schema, root)
    const known = nodes.get(here)
    if (known !== undefined) return known
    const node = {} as { -readonly [K in keyof Node]: Node[K] }
    nodes.set(here, node)
    return Object.assign(node, compileNode(here, root, compile))
  }
  const node = compile(root)
  return value => prune(value, [node])
}

function compileNode(here: JsonSchema, root: JsonSchema, compile: (schema: JsonSchema) => Node): Node {
  const own = asJsonSchema(here['properties']) ?? {}
  const all = schemasUnder(here, 'allOf').map(compile)
  const properties = new Map(Object.entries(own).map(([name, schema]) => [name, compile(asJsonSchema(schema) ?? {})]))
  const branches = [...schemasUnder(here, 'anyOf'), ...schemasUnder(here, 'oneOf')].map(schema => ({
    node: compile(schema),
    accepts: compileMatch(schema, root),
  }))
  const items = asJsonSchema(here['items'])
  return {
    properties,
    others: othersOf(here, properties.size + all.length + branches.length, compile),
    prefixItems: schemasUnder(here, 'prefixItems').map(compile),
    items: items === undefined ? undefined : compile(items),
    branches: [...branches, ...all.map(node => ({ node, accepts: () => true }))],
  }
}

function othersOf(here: JsonSchema, declared: number, compile: (schema: JsonSchema) => Node): Node['others'] {
  const additional = here['additionalProperties']
  if (additional === true) return 'keep'
  const schema = asJsonSchema(additional)
  if (schema !== undefined) return Object.keys(schema).length === 0 ? 'keep' : compile(schema)
  if (asJsonSchema(here['patternProperties']) !== undefined) return 'keep'
  return additional === undefined && declared === 0 ? 'keep' : undefined
}

/** A shallow check that tells the branches of a union apart: type, constants and required names, one level deep. */
function compileMatch(schema: JsonSchema, root: JsonSchema): (value: unknown) => boolean {
  const types = typesOf(schema, root)
  const properties = [...propertiesOf(schema, root)].map(([name, property]) => ({
    name,
    required: property.required,
    types: typesOf(property.schema, root),
    constants: constantsOf(resolveReference(property.schema, root)),
  }))
  return value => {
    if (!types.has(typeOfValue(value))) return false
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return true
    const object = value as Record<string, unknown>
    return properties.every(({ name, required, types, constants }) => {
      if (!Object.hasOwn(object, name) || object[name] === undefined) return !required
      return types.has(typeOfValue(object[name])) && (constants === undefined || constants.includes(object[name]))
    })
  }
}

function constantsOf(schema: JsonSchema): readonly unknown[] | undefined {
  if ('const' in schema) return [schema['const']]
  return Array.isArray(schema['enum']) ? schema['enum'] : undefined
}

function prune(value: unknown, nodes: readonly Node[]): unknown {
  if (typeof value !== 'object' || value === null) return value
  const applying = expand(value, nodes)
  if (Array.isArray(value)) return pruneArray(value, applying)
  const prototype = Object.getPrototypeOf(value) as unknown
  if (prototype !== Object.prototype && prototype !== null && 'toJSON' in value) return value
  return pruneObject(value as Record<string, unknown>, applying)
}

/** The nodes that speak about the value: union branches are followed only where they accept it. */
function expand(value: unknown, nodes: readonly Node[]): Node[] {
  return nodes.flatMap(node => {
    const fitting = node.branches.filter(branch => branch.accepts(value))
    return fitting.length === 0 ? [node] : [node, ...expand(value, fitting.map(branch => branch.node))]
  })
}

function pruneArray(value: readonly unknown[], nodes: readonly Node[]): readonly unknown[] {
  let copy: unknown[] | undefined
  for (let index = 0; index < value.length; index++) {
    const inner = nodes.map(node => node.prefixItems[index] ?? node.items).filter(node => node !== undefined)
    if (inner.length === 0) continue
    const pruned = prune(value[index], inner)
    if (pruned === value[index]) continue
    copy ??= value.slice()
    copy[index] = pruned
  }
  return copy ?? value
}

function pruneObject(value: Readonly<Record<string, unknown>>, nodes: readonly Node[]): unknown {
  let changed = false
  const kept: [string, unknown][] = []
  for (const [name, inner] of Object.entries(value)) {
    const declared = nodes.map(node => node.properties.get(name) ?? node.others).filter(node => node !== undefined)
    if (declared.length === 0) changed = true
    else {
      const schemas = declared.filter(node => node !== 'keep')
      const pruned = schemas.length === 0 ? inner : prune(inner, schemas)
      changed ||= pruned !== inner
      kept.push([name, pruned])
    }
  }
  return changed ? Object.fromEntries(kept) : value
}
