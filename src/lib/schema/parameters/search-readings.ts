import { type Issue, pathOf, type Validated } from '../issue.ts'
import type { ParameterShape } from './parameter-shape.ts'

/** Chooses what a place is read as: its shape, or that of one branch of its union. */
export type PickShape = (shape: ParameterShape, path: readonly (string | number)[]) => ParameterShape

/** One reading of the parameters, and what is wrong with the texts themselves. */
export interface Reading<V> {
  readonly values: V
  readonly issues: readonly Issue[]
}

/** A place with a union. */
interface Point {
  readonly path: readonly (string | number)[]
  readonly key: string
  /** How many branches it has. */
  readonly count: number
}

/** For each place the number of the branch that it is read as; 0 or none for all of them together. */
type Choices = ReadonlyMap<string, number>

type Refused = Extract<Validated, { issues: object }>

/** The values to validate next; takes what validation says of them. */
type Search<V, Result> = Generator<V, Result, Validated>

/** A reading with what validation says of it. */
interface Trial {
  readonly points: readonly Point[]
  readonly issues: readonly Issue[]
}

/** One group is validated that often; then its first reading stands. */
const MOST_VALIDATIONS = 16

/** Readings that turn out to be the same as another are not validated, but made. */
const MOST_READINGS = 128

/** All readings together read so many texts: a list of thousands of wrong items ends the search at once. */
const MOST_TEXTS = 20_000

/** More places with unions, such as the items of a long list, are not looked at one by one. */
const MOST_POINTS = 100

/**
 * Looks for a reading that validation takes where the first one was `refused`: as the branches of their unions read the
 * places that are wrong, from the outside in, then all of them together.
 */
export class ReadingSearch<V> {
  readonly #decode: (pick: PickShape) => Reading<V>
  readonly #tried = new Map<string, readonly Issue[]>()
  #readings = 0
  #texts = 0
  #taken: Validated | undefined

  constructor(decode: (pick: PickShape) => Reading<V>) {
    this.#decode = decode
  }

  /** Gives what validation says of the reading that it takes, or undefined where none is found. */
  *run(refused: Refused): Search<V, Validated | undefined> {
    const { reading, points } = this.#read(new Map())
    if (points.length === 0) return undefined
    this.#tried.set(textOf(reading), refused.issues)
    const best = yield* this.#fromOutside({ points, issues: refused.issues })
    yield* this.#together(best)
    return this.#taken
  }

  /** Keeps for each place the branch that leaves the least wrong there. */
  *#fromOutside(first: Trial): Search<V, Choices> {
    const done = new Set<string>()
    let best: Choices = new Map()
    for (let trial: Trial | undefined = first; trial !== undefined; trial = yield* this.#try(best)) {
      const { points, issues } = trial
      const open = outermost(points.filter(point => !done.has(point.key) && wrongAt(point, issues) > 0))
      if (open.length === 0) break
      best = yield* this.#branchByBranch(open, issues, best)
      for (const { key } of open) done.add(key)
    }
    return best
  }

  /** Reads places that do not hold each other as their first branches, those still wrong as their second, and so on. */
  *#branchByBranch(points: readonly Point[], issues: readonly Issue[], start: Choices): Search<V, Choices> {
    const best = new Map(start)
    const wrong = new Map(points.map(point => [point.key, wrongAt(point, issues)]))
    for (let choice = 1; ; choice++) {
      const open = points.filter(({ key, count }) => choice <= count && wrong.get(key)! > 0)
      const trial =
        open.length > 0 && (yield* this.#try(new Map([...best, ...open.map(({ key }) => [key, choice] as const)])))
      if (!trial) return best
      for (const point of open) {
        const left = wrongAt(point, trial.issues)
        if (left >= wrong.get(point.key)!) continue
        best.set(point.key, choice)
        wrong.set(point.key, left)
      }
    }
  }

  /** All branches of one place with all of the others. */
  *#together(fixed: Choices): Search<V, void> {
    const choices = new Map(fixed)
    for (let trial = yield* this.#try(choices); trial !== undefined; trial = yield* this.#try(choices)) {
      const open = trial.points.filter(({ key }) => !fixed.has(key))
      if (!next(choices, open)) return
    }
  }

  /** Reads and validates; undefined at the end of the search. */
  *#try(choices: Choices): Search<V, Trial | undefined> {
    if (this.#taken !== undefined || this.#readings >= MOST_READINGS || this.#texts >= MOST_TEXTS) return undefined
    const { reading, points } = this.#read(choices)
    const text = textOf(reading)
    const known = this.#tried.get(text)
    if (known !== undefined) return { points, issues: known }
    if (this.#tried.size >= MOST_VALIDATIONS) return undefined
    const result = joined(reading, yield reading.values)
    if (result.issues === undefined) {
      this.#taken = result
      return undefined
    }
    this.#tried.set(text, result.issues)
    return { points, issues: result.issues }
  }

  #read(choices: Choices): { reading: Reading<V>; points: Point[] } {
    this.#readings += 1
    const points: Point[] = []
    const reading = this.#decode((shape, path) => {
      this.#texts += 1
      const branches = shape.branches()
      if (branches.length === 0 || points.length >= MOST_POINTS) return shape
      const key = JSON.stringify(path)
      points.push({ path, key, count: branches.length })
      const choice = choices.get(key) ?? 0
      return branches[choice - 1] ?? shape
    })
    return { reading, points }
  }
}

const textOf = ({ values, issues }: Reading<unknown>): string => JSON.stringify([values, issues.length])

/** Those that no other holds. */
const outermost = (points: readonly Point[]): Point[] =>
  points.filter(point => !points.some(outer => outer !== point && holds(outer, point.path)))

/** What is wrong with the texts stands beside what validation says. */
export function joined({ issues }: { readonly issues: readonly Issue[] }, validated: Validated): Validated {
  return issues.length === 0 ? validated : { issues: [...issues, ...(validated.issues ?? [])] }
}

const holds = ({ path }: Point, place: readonly (string | number)[]): boolean =>
  path.every((step, index) => String(place[index]) === String(step))

const wrongAt = (point: Point, issues: readonly Issue[]): number =>
  issues.filter(issue => holds(point, pathOf(issue))).length

/** Moves on to the next choices, the innermost place first: each branch, and last all of them together. */
function next(choices: Map<string, number>, points: readonly Point[]): boolean {
  for (const { key, count } of points.toReversed()) {
    const choice = choices.get(key)
    if (choice !== 0 || !choices.has(key)) {
      choices.set(key, choice === undefined ? 1 : choice === count ? 0 : choice + 1)
      return true
    }
    choices.delete(key)
  }
  return false
}
