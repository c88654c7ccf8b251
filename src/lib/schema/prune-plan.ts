import { setOwn } from './own-property.ts'

/** Gives the value without the properties that its schema does not declare; the same value if there are none. */
export type Pruning = (value: unknown) => unknown

/** The pruning where nothing can be removed. */
export const KEEP: Pruning = value => value

/** What an object keeps. */
export interface ObjectPlan {
  readonly properties: ReadonlyMap<string, Pruning>
  readonly patterns: readonly (readonly [pattern: RegExp, pruning: Pruning])[]
  /** Undeclared properties: pruned by a schema of their own, kept, or removed (undefined). */
  readonly others: Pruning | undefined
}

/** How the items of an array are pruned. */
export interface ArrayPlan {
  readonly prefix: readonly Pruning[]
  readonly rest: Pruning
}

type JsonObject = Readonly<Record<string, unknown>>

/** Prunes an object; an instance of a class becomes a plain object. */
export function pruneObject(value: JsonObject, plan: ObjectPlan): unknown {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return plainObject(value, plan)
  let copy: Record<string, unknown> | undefined
  for (const name in value) {
    const pruning = plan.properties.get(name) ?? otherwise(name, plan)
    if (pruning === undefined) {
      copy ??= before(value, name)
      continue
    }
    if (pruning === KEEP && copy === undefined) continue
    const inner = value[name]
    const pruned = pruning(inner)
    if (pruned !== inner) copy ??= before(value, name)
    if (copy !== undefined) setOwn(copy, name, pruned)
  }
  return copy ?? value
}

function otherwise(name: string, { patterns, others }: ObjectPlan): Pruning | undefined {
  for (const [pattern, pruning] of patterns) if (pattern.test(name)) return pruning
  return others
}

/** A copy of the properties before one: they are all kept as they are. */
function before(value: JsonObject, end: string): Record<string, unknown> {
  const copy: Record<string, unknown> = {}
  for (const name in value) {
    if (name === end) break
    setOwn(copy, name, value[name])
  }
  return copy
}

/** A declared property may come from a getter of the class; an undeclared one must be an own property. */
function plainObject(value: JsonObject, plan: ObjectPlan): JsonObject {
  const copy: Record<string, unknown> = {}
  for (const [name, pruning] of plan.properties) {
    const inner = value[name]
    if (inner !== undefined && typeof inner !== 'function') setOwn(copy, name, pruning(inner))
  }
  if (plan.others === undefined && plan.patterns.length === 0) return copy
  for (const name of Object.keys(value)) {
    const pruning = plan.properties.has(name) ? undefined : otherwise(name, plan)
    if (pruning !== undefined) setOwn(copy, name, pruning(value[name]))
  }
  return copy
}

/** Prunes the items of an array; one with a `toJSON` of its own becomes a plain array. */
export function pruneArray(value: readonly unknown[], { prefix, rest }: ArrayPlan): readonly unknown[] {
  let copy: unknown[] | undefined = 'toJSON' in value ? Array.from(value) : undefined
  for (let index = 0; index < value.length; index++) {
    const item = value[index]
    const pruned = (prefix[index] ?? rest)(item)
    if (pruned === item) continue
    copy ??= Array.from(value)
    copy[index] = pruned
  }
  return copy ?? value
}
