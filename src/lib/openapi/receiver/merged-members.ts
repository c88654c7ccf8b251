import type { JsonObject } from './json-object.ts'

/** The values without those that are there twice. */
export function union(values: readonly unknown[]): unknown[] {
  return [...new Map(values.map(value => [JSON.stringify(value), value])).values()]
}

/** The members that all objects have, with the same value. */
export function sameMembers([first = {}, ...others]: readonly JsonObject[]): JsonObject {
  const isSame = (name: string, value: unknown) => {
    const text = JSON.stringify(value)
    return others.every(other => JSON.stringify(other[name]) === text)
  }
  return Object.fromEntries(Object.entries(first).filter(([name, value]) => isSame(name, value)))
}
