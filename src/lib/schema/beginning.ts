import { holdsMoreValues } from '../json/holds-more-values.ts'
import { setOwn } from './own-property.ts'

/** The beginning of a large value. `isCut` says whether the value at a path, or its parent, continues in the whole. */
export interface Beginning {
  readonly value: unknown
  isCut(path: readonly (string | number)[]): boolean
}

/** The search for the first mistake ends with a stretch of this many values, in which every mistake is reported. */
const STEP_VALUES = 200

/** The beginning of a value that holds more than `most` values; undefined for any other. */
export function beginningOf(whole: unknown, most: number): Beginning | undefined {
  return holdsMoreValues(whole, most) ? asBeginning(cut(whole, { left: most, inDictionaries: true }), whole) : undefined
}

/**
 * The beginning of a value that does not fit, up to its first mistakes; undefined where it fits, and where nothing of it
 * can be cut off. It is for a library that says at once whether a
 * value fits, but takes long to report each mistake and cannot be stopped. Only lists are cut: copying a dictionary
 * costs more than reporting its mistakes.
 */
export function wrongBeginningOf(whole: unknown, allows: (value: unknown) => boolean): Beginning | undefined {
  let fits = 0
  let fails = STEP_VALUES
  let value = cut(whole, { left: fails, inDictionaries: false })
  if (value === whole || allows(whole)) return undefined
  while (value !== whole && allows(value)) {
    fits = fails
    fails *= 2
    value = cut(whole, { left: fails, inDictionaries: false })
  }
  while (fails - fits > STEP_VALUES) {
    const middle = (fits + fails) >> 1
    const shorter = cut(value, { left: middle, inDictionaries: false })
    if (allows(shorter)) fits = middle
    else [value, fails] = [shorter, middle]
  }
  return asBeginning(value, whole)
}

function asBeginning(value: unknown, whole: unknown): Beginning {
  const sizes = new Map<object, number>()
  const size = (place: unknown) => {
    if (!isNested(place)) return 0
    const known = sizes.get(place) ?? Object.keys(place).length
    sizes.set(place, known)
    return known
  }
  const goesOn = (path: readonly (string | number)[]) => size(at(whole, path)) > size(at(value, path))
  // A missing value may be in the part of its parent that was cut off.
  const isThere = (path: readonly (string | number)[]) => at(value, path) !== undefined
  return { value, isCut: path => (isThere(path) ? goesOn(path) : goesOn(path.slice(0, -1))) }
}

const isNested = (value: unknown): value is Readonly<Record<string | number, unknown>> =>
  typeof value === 'object' && value !== null

function at(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce((outer, step) => (isNested(outer) ? outer[step] : undefined), value)
}

/**
 * An object with more entries is a dictionary. A smaller object is never cut: it would lack what its schema requires.
 */
const DICTIONARY_ENTRIES = 100

/** How many more values there is room for. */
interface Room {
  left: number
  readonly inDictionaries: boolean
}

/** The first values in the order in which they are written. A part that is not cut is the same object as before. */
function cut(value: unknown, room: Room): unknown {
  room.left--
  if (!isNested(value)) return value
  const names = Object.keys(value)
  const mayEnd = Array.isArray(value) || (room.inDictionaries && names.length > DICTIONARY_ENTRIES)
  const inside: unknown[] = []
  let changed = false
  for (const name of names) {
    if (mayEnd && room.left <= 0) break
    const inner = cut(value[name], room)
    changed ||= inner !== value[name]
    inside.push(inner)
  }
  if (!changed && inside.length === names.length) return value
  if (Array.isArray(value)) return inside
  const copy = (Object.getPrototypeOf(value) === null ? Object.create(null) : {}) as Record<string, unknown>
  for (const [index, inner] of inside.entries()) setOwn(copy, names[index]!, inner)
  return copy
}
