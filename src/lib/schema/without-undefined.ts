/**
 * The value without properties that are `undefined`, which JSON does not have; the same value if there are none.
 * Instances of classes are left alone.
 */
export function withoutUndefined(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return mapped(value)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return value
  const entries = Object.entries(value)
  const present = entries.flatMap(([name, inner]) =>
    inner === undefined ? [] : [[name, withoutUndefined(inner)] as const],
  )
  const same = present.length === entries.length && present.every(([, inner], index) => inner === entries[index]![1])
  return same ? value : Object.fromEntries(present)
}

function mapped(value: readonly unknown[]): readonly unknown[] {
  const items = value.map(withoutUndefined)
  return items.every((item, index) => item === value[index]) ? value : items
}
