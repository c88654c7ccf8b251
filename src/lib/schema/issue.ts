import { cutText } from '../cut-text.ts'
import type { Refusal } from './codes/code-reader.ts'

/** One thing that is wrong with a value. A step of its path is a name or an index. */
export interface Issue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
  /** Ours: what libraries call a code is their own affair. */
  readonly mistake?: Refusal | undefined
}

/** The result of a validation: the value, or what is wrong with it. */
export type Validated = { readonly value: unknown; readonly issues?: undefined } | Refused

/** What is wrong with a value; `found` is the number of the library's issues where some were left out. */
export interface Refused {
  readonly issues: readonly Issue[]
  readonly found?: number
}

/** A place inside a value. */
export type IssuePath = readonly (string | number)[]

/** A response that names more places than this helps nobody, and a small request must not cause a huge response. */
export const MOST_PLACES = 100

/** A value with more issues than this is no accident: it is not validated a second time, nor to its end. */
export const MANY_ISSUES = 1_000

/** The message for one place is cut to this length: libraries repeat the value, or list everything they take. */
export const MOST_CHARACTERS = 200

/** The path of an issue in its plain form; ArkType's is an array whose `map` is not that of an array. */
export function pathOf({ path }: Issue): IssuePath {
  const plain: (string | number)[] = []
  for (const step of path ?? []) {
    const key = typeof step === 'object' ? step.key : step
    plain.push(typeof key === 'number' ? key : String(key))
  }
  return plain
}

/** The places of the undeclared names that an issue speaks of; undefined for any other issue. */
export type UndeclaredIn = (issue: Issue) => Iterable<IssuePath> | undefined

/**
 * The issues of any library in one form: one for each place, in the order of the places, since libraries differ in
 * both. Those after the first hundred places are left out.
 */
export function levelIssues(
  issues: readonly Issue[],
  value: unknown,
  undeclaredIn: UndeclaredIn = () => undefined,
): Issue[] {
  const found: LevelIssue[] = []
  for (const { path, message, mistake } of placesOf(issues, undeclaredIn)) {
    found.push({ path: existing(path, value), message: oneLine(cutText(message, MOST_CHARACTERS)), mistake })
    if (found.length === MOST_PLACES) break
  }
  found.sort((a, b) => comparePaths(a.path, b.path))
  return joined(found)
}

/** Place by place, so that a caller that has enough does not pay for the rest. */
function* placesOf(issues: readonly Issue[], undeclaredIn: UndeclaredIn): Generator<LevelIssue> {
  for (const issue of issues) {
    const undeclared = undeclaredIn(issue)
    const { mistake } = issue
    const message = messageOf(issue)
    if (undeclared === undefined) yield { path: pathOf(issue), message, mistake }
    else for (const path of undeclared) yield { path, message: UNDECLARED, mistake: NOT_DECLARED }
  }
}

/** Zod keeps apart what is wrong with the name of a property: "Invalid key in record" alone helps nobody. */
function messageOf({ message, code, issues }: Issue & { readonly code?: unknown; readonly issues?: unknown }): string {
  const first = code === 'invalid_key' && Array.isArray(issues) ? (issues[0] as Partial<Issue> | undefined) : undefined
  return typeof first?.message === 'string' ? `${message}: ${first.message}` : message
}

/** The message for a name that a closed object does not declare. The library's own message would list all of them. */
export const UNDECLARED = 'It is not declared'

const NOT_DECLARED: Refusal = { code: 'additionalProperties', wantsBoolean: false }

interface LevelIssue {
  readonly path: IssuePath
  readonly message: string
  readonly mistake: Refusal | undefined
}

/** One issue for each place: neighbouring issues of one place are joined. */
function joined(sorted: readonly LevelIssue[]): LevelIssue[] {
  const places: LevelIssue[] = []
  for (const issue of sorted) {
    const last = places.at(-1)
    if (last === undefined || comparePaths(last.path, issue.path) !== 0) places.push(issue)
    else if (!last.message.split('; ').includes(issue.message))
      places[places.length - 1] = {
        ...last,
        message: cutText(`${last.message}; ${issue.message}`, MOST_CHARACTERS),
      }
  }
  return places
}

const oneLine = (message: string): string => (LINE_BREAKS.test(message) ? message.replaceAll(/\s+/g, ' ') : message)

/** Only an object can miss a property: where a list or a scalar was sent, that value itself is wrong. */
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
