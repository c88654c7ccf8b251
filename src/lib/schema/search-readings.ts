import { type Issue, pathOf, type Validated } from './issue.ts'
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

/** One group is validated that often; then its first reading stands. */
const MOST_VALIDATIONS = 16

/** Readings that turn out to be the same as another are not validated, but made. */
const MOST_READINGS = 128

/** More places with unions, such as the items of a long list, are not looked at one by one. */
const MOST_POINTS = 100

/**
 * Looks for a reading that validation takes where the first one was `refused`: place by place as the branches of their
 * unions read them, from the outside in, then all of them together. Gives undefined where it finds none.
 */
export class ReadingSearch<V> {
  readonly #decode: (pick: PickShape) => Reading<V>
  readonly #seen = new Set<string>()
  #readings = 0

  constructor(decode: (pick: PickShape) => Reading<V>) {
    this.#decode = decode
  }

  *run(refused: Refused): Search<V, Validated | undefined> {
    const first = this.#read(new Map())
    if (first.points.length === 0) return undefined
    this.#isNew(first.reading)
    const { taken, best } = yield* this.#placeByPlace(first.points, refused)
    return taken ?? (yield* this.#together(best))
  }

  /** Keeps for each place the branch that leaves the least wrong there. */
  *#placeByPlace(points: readonly Point[], refused: Refused): Search<V, { taken?: Validated; best: Choices }> {
    let best: Choices = new Map()
    let { issues } = refused
    const open = [...points]
    for (let point = open.shift(); point !== undefined; point = open.shift()) {
      let found: readonly Point[] = []
      const start = best
      for (let choice = 1; choice <= point.count && wrongAt(point, issues) > 0; choice++) {
        const choices = new Map(start).set(point.key, choice)
        const { reading, points: inner } = this.#read(choices)
        if (!this.#isNew(reading)) continue
        const result = joined(reading, yield reading.values)
        if (result.issues === undefined) return { taken: result, best }
        if (wrongAt(point, result.issues) >= wrongAt(point, issues)) continue
        best = choices
        issues = result.issues
        found = inner
      }
      if (found.length > 0) open.splice(0, open.length, ...found.filter(({ key }) => !best.has(key)))
    }
    return { best }
  }

  /** All branches of one place with all of the others. */
  *#together(fixed: Choices): Search<V, Validated | undefined> {
    const choices = new Map(fixed)
    for (;;) {
      const { reading, points } = this.#read(choices)
      if (this.#isNew(reading)) {
        const result = joined(reading, yield reading.values)
        if (result.issues === undefined) return result
      }
      const open = points.filter(({ key }) => !fixed.has(key))
      if (this.#exhausted || !next(choices, open)) return undefined
    }
  }

  #read(choices: Choices): { reading: Reading<V>; points: Point[] } {
    this.#readings += 1
    const points: Point[] = []
    const reading = this.#decode((shape, path) => {
      const branches = shape.branches()
      if (branches.length === 0 || points.length >= MOST_POINTS) return shape
      const key = JSON.stringify(path)
      points.push({ path, key, count: branches.length })
      const choice = choices.get(key) ?? 0
      return choice === 0 ? shape : branches[choice - 1]!
    })
    return { reading, points }
  }

  /** Whether the reading is worth a validation, and one is left. */
  #isNew({ values, issues }: Reading<V>): boolean {
    const text = JSON.stringify([values, issues.length])
    if (this.#exhausted || this.#seen.has(text)) return false
    this.#seen.add(text)
    return true
  }

  get #exhausted(): boolean {
    return this.#seen.size >= MOST_VALIDATIONS || this.#readings >= MOST_READINGS
  }
}

/** What is wrong with the texts stands beside what validation says. */
export function joined({ issues }: { readonly issues: readonly Issue[] }, validated: Validated): Validated {
  return issues.length === 0 ? validated : { issues: [...issues, ...(validated.issues ?? [])] }
}

const wrongAt = ({ path }: Point, issues: readonly Issue[]): number =>
  issues.filter(issue => {
    const place = pathOf(issue)
    return path.every((step, index) => String(place[index]) === String(step))
  }).length

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
