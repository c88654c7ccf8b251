/** A copy of `value` whose members stand in the order that `pattern` has them in, others after them, at every depth. */
export function inOrderOf<T>(pattern: unknown, value: T): T
export function inOrderOf(pattern: unknown, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const order = (typeof pattern === 'object' && pattern !== null ? pattern : {}) as Readonly<Record<string, unknown>>
  if (Array.isArray(value)) return value.map((item, index) => inOrderOf(order[index], item))
  const given = value as Readonly<Record<string, unknown>>
  const names = [...Object.keys(order).filter(name => Object.hasOwn(given, name)), ...Object.keys(given)]
  return Object.fromEntries([...new Set(names)].map(name => [name, inOrderOf(order[name], given[name])]))
}
