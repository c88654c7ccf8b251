/**
 * Whether a value of JSON holds more than `most` values, itself among them: each object, list, text, number, boolean and
 * null is one. Stops at the first too many, and takes any depth.
 */
export function holdsMoreValues(value: unknown, most: number): boolean {
  let count = 1
  const nested: object[] = []
  const add = (inner: unknown): void => {
    if (typeof inner === 'object' && inner !== null) nested.push(inner)
  }
  add(value)
  for (let outer = nested.pop(); outer !== undefined; outer = nested.pop()) {
    const inside: readonly unknown[] = Array.isArray(outer) ? outer : Object.values(outer)
    count += inside.length
    if (count > most) return true
    for (const inner of inside) add(inner)
  }
  return count > most
}
