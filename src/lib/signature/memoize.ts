/**
 * `make`, remembering its last `limit` results by key. When it is full the oldest goes, so that recipients named by a
 * stranger cannot fill the memory.
 */
export function memoize<V>(limit: number, make: (key: string) => V): (key: string) => V {
  const made = new Map<string, V>()
  return key => {
    const known = made.get(key)
    if (known !== undefined) return known
    const value = make(key)
    if (made.size >= limit) made.delete(made.keys().next().value ?? key)
    made.set(key, value)
    return value
  }
}
