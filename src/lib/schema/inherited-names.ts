import type { Validated } from './issue.ts'
import { asJsonSchema } from './json-schema.ts'
import { setOwn } from './own-property.ts'

/** The names that every object inherits: `constructor`, `toString` and so on. */
const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype))

/** Whether a JSON Schema declares a property with an inherited name anywhere. */
export function declaresInherited(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.some(declaresInherited)
  if (typeof schema !== 'object' || schema === null) return false
  const properties = asJsonSchema((schema as { readonly properties?: unknown }).properties)
  if (properties !== undefined && Object.keys(properties).some(name => INHERITED.has(name))) return true
  return Object.values(schema).some(declaresInherited)
}

/**
 * Runs a validation on a copy whose objects inherit nothing: libraries would mistake an inherited property for one that
 * was sent. The objects of the result inherit nothing either, so that a missing property reads as undefined.
 */
export function withoutInherited(
  value: unknown,
  validate: (value: unknown) => Validated | Promise<Validated>,
): Validated | Promise<Validated> {
  const result = validate(bareCopy(value))
  return result instanceof Promise ? result.then(bareResult) : bareResult(result)
}

const bareResult = (result: Validated): Validated =>
  result.issues === undefined ? { ...result, value: bareCopy(result.value) } : result

/** The same with plain objects that have no prototype. Cycles are kept. */
function bareCopy(value: unknown, copies = new Map<object, object>()): unknown {
  if (typeof value !== 'object' || value === null) return value
  const known = copies.get(value)
  if (known !== undefined) return known
  if (!Array.isArray(value) && !isPlain(value)) return value
  const copy = (Array.isArray(value) ? [] : Object.create(null)) as Record<string, unknown>
  copies.set(value, copy)
  for (const [name, inner] of Object.entries(value)) setOwn(copy, name, bareCopy(inner, copies))
  return Object.isFrozen(value) ? Object.freeze(copy) : copy
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
