import { type Issue, pathOf, type Validated } from '../issue.ts'
import type { ParameterShape } from './parameter-shape.ts'

/** Chooses how a place is read: by its own shape, or by that of one branch of its union. */
export type PickShape = (shape: ParameterShape, path: readonly (string | number)[]) => ParameterShape

/** One reading of the parameters, with the issues of the texts themselves. */
export interface Reading<V> {
  readonly values: V
  readonly issues: readonly Issue[]
}

/** A place with a union. */
interface Point {
  readonly path: readonly (string | number)[]
  readonly key: string
  /** The number of its branches. */
  readonly count: number
}

/** The number of the branch by which each place is read; 0 or a missing entry stands for all branches together. */
type Choices = ReadonlyMap<string, number>

type Refused = Extract<Validated, { issues: object }>

/** Yields the values to validate next, and receives the result of their validation. */
type Search<V, Result> = Generator<V, Result, Validated>

/** A reading with the result of its validation. */
interface Trial {
  readonly points: readonly Point[]
  readonly issues: readonly Issue[]
}

/** One group is validated at most this often; after that its first reading stands. */
const MOST_VALIDATIONS = 16

/** How many readings are made. Those equal to an earlier one are not validated again, but they cost time. */
const MOST_READINGS = 128

/** How many characters all readings together may have. Each is written out, to be compared with those before it. */
const MOST_CHARACTERS = 2_000_000

/** How many texts all readings together may read: a list of thousands of wrong items ends the search at once. */
const MOST_TEXTS = 20_000

/** If more places than this have unions, such as the items of a long list, they are not tried one by one. */
const MOST_POINTS = 100

/**
 * Looks for a reading that passes validation after the first one was `refused`. The places with issues are read by each
 * branch of their unions, from the outside in, then all of them together.
 */
export class ReadingSearch<V> {
  readonly #decode: (pick: PickShape) => Reading<V>
  readonly #mostReadings: number
  readonly #tried = new Map<string, readonly Issue[]>()
  #readings = 0
  #texts = 0
  #taken: Validated | undefined

  /** `characters` is the length of what is read. */
  constructor(decode: (pick: PickShape) => Reading<V>, characters: number) {
    this.#decode = decode
    this.#mostReadings = Math.min(MOST_READINGS, Math.ceil(MOST_CHARACTERS / (characters + 1)))
  }

  /** Gives the validated result of the reading that passes, or undefined where none does. */
  *run(refused: Refused): Search<V, Validated | undefined> {
    const { reading, points } = this.#read(new Map())
    if (points.length === 0) return undefined
    this.#tried.set(textOf(reading), refused.issues)
    const best = yield* this.#fromOutside({ points, issues: refused.issues })
    yield* this.#together(best)
    return this.#taken
  }

  /** Keeps the branch with the fewest issues at each place. */
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

  /**
   * Reads places that are not inside each other by their first branch, those still wrong by their second, and so on.
   */
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

  /** Tries every combination of branches. */
  *#together(fixed: Choices): Search<V, void> {
    const choices = new Map(fixed)
    for (let trial = yield* this.#try(choices); trial !== undefined; trial = yield* this.#try(choices)) {
      const open = trial.points.filter(({ key }) => !fixed.has(key))
      if (!next(choices, open)) return
    }
  }

  /** Reads and validates; undefined at the end of the search. */
  *#try(choices: Choices): Search<V, Trial | undefined> {
    if (this.#taken !== undefined || this.#readings >= this.#mostReadings || this.#texts >= MOST_TEXTS) return undefined
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

/** The places that are not inside another. */
const outermost = (points: readonly Point[]): Point[] =>
  points.filter(point => !points.some(outer => outer !== point && holds(outer, point.path)))

/** The issues of the texts are added to those of the validation. */
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
