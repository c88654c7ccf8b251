/** One thing that is wrong with a value. A step of its path is a name or an index. */
export interface Issue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** What validation gives: the value, or what is wrong with it. */
export type Validated = { readonly value: unknown; readonly issues?: undefined } | { readonly issues: readonly Issue[] }

/** A place inside a value. */
export type IssuePath = readonly (string | number)[]

/** An answer that names more places than this helps nobody, and a small request must not be answered with a huge one. */
const MOST_ISSUES = 100

/** The path of an issue in its plain form; ArkType's is an array whose `map` is not that of an array. */
export function pathOf({ path }: Issue): IssuePath {
  const plain: (string | number)[] = []
  for (const step of path ?? []) {
    const key = typeof step === 'object' ? step.key : step
    plain.push(typeof key === 'number' ? key : String(key))
  }
  return plain
}

/**
 * The issues of any library in one form: one for each place, in the order of the places, since libraries differ in
 * both. `placesOf` gives the places of an issue that speaks of several.
 */
export function levelIssues(
  issues: readonly Issue[],
  value: unknown,
  placesOf: (issue: Issue) => readonly IssuePath[] = issue => [pathOf(issue)],
): Issue[] {
  const found: LevelIssue[] = []
  for (const issue of issues.slice(0, MOST_ISSUES))
    for (const place of placesOf(issue)) found.push({ path: existing(place, value), message: oneLine(issue.message) })
  found.sort((a, b) => comparePaths(a.path, b.path))
  return joined(found)
}

interface LevelIssue {
  readonly path: IssuePath
  readonly message: string
}

/** One issue for each place: neighbours of one place are joined. */
function joined(sorted: readonly LevelIssue[]): LevelIssue[] {
  const places: LevelIssue[] = []
  for (const issue of sorted) {
    const last = places.at(-1)
    if (last === undefined || comparePaths(last.path, issue.path) !== 0) places.push(issue)
    else if (!last.message.split('; ').includes(issue.message))
      places[places.length - 1] = { path: last.path, message: `${last.message}; ${issue.message}` }
  }
  return places
}

const oneLine = (message: string): string => (LINE_BREAKS.test(message) ? message.replaceAll(/\s+/g, ' ') : message)

/** A list, or what is no object at all, has no properties to be missing: it is wrong itself. */
function existing(path: IssuePath, value: unknown): IssuePath {
  let outer = value
  for (const [index, step] of path.entries()) {
    const nothing = typeof outer !== 'object' || outer === null
    if (nothing || (Array.isArray(outer) && typeof step === 'string' && !INDEX.test(step))) return path.slice(0, index)
    outer = (outer as Readonly<Record<string | number, unknown>>)[step]
  }
  return path
}

const INDEX = /^\d+$/

const LINE_BREAKS = /[\t\n\r]| {2}/

function comparePaths(a: IssuePath, b: IssuePath): number {
  for (let index = 0; index < a.length && index < b.length; index++) {
    const [left, right] = [a[index]!, b[index]!]
    if (left === right) continue
    if (typeof left === 'number' && typeof right === 'number') return left - right
    return String(left) < String(right) ? -1 : 1
  }
  return a.length - b.length
}
