import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/**
 * The test files of `directory` that may see a change of `file`, the nearest first: its own test, those of its folder and
 * of the folders around, those that import it through others, and the journeys, which may start it in another process.
 */
export class CandidateTests {
  readonly #directory: string
  readonly #tests: readonly string[]
  readonly #imports = new Map<string, readonly string[]>()
  readonly #reached = new Map<string, ReadonlySet<string>>()

  constructor(directory: string, patterns: readonly string[]) {
    this.#directory = directory
    this.#tests = globSync(patterns, { cwd: directory }).toSorted()
  }

  of(file: string): string[] {
    return this.#tests
      .filter(test => test.startsWith('test/') || this.#reachedFrom(test).has(file))
      .toSorted((a, b) => distanceOf(file, a) - distanceOf(file, b))
  }

  #reachedFrom(test: string): ReadonlySet<string> {
    const known = this.#reached.get(test)
    if (known !== undefined) return known
    const reached = new Set([test])
    for (const file of reached) for (const imported of this.#importsOf(file)) reached.add(imported)
    this.#reached.set(test, reached)
    return reached
  }

  /** Every file that `file` names relative to itself: imports, workers and programs alike. */
  #importsOf(file: string): readonly string[] {
    const known = this.#imports.get(file)
    if (known !== undefined) return known
    const text = readFileSync(join(this.#directory, file), 'utf8')
    const imports = [...text.matchAll(/'(\.{1,2}\/[^']+\.ts)'/g)]
      .map(([, path = '']) => normalize(join(dirname(file), path)))
      .filter(path => existsSync(join(this.#directory, path)))
    this.#imports.set(file, imports)
    return imports
  }
}

/** Whether a test is the one beside `file`. */
export const isOwnTest = (file: string, test: string): boolean => test === file.replace(/\.ts$/, '.test.ts')

/** -1 for the file's own test, else how many folders one leaves and enters on the way between the two. */
function distanceOf(file: string, test: string): number {
  if (isOwnTest(file, test)) return -1
  const [from, to] = [file.split('/').slice(0, -1), test.split('/').slice(0, -1)]
  const parting = from.findIndex((folder, index) => folder !== to[index])
  const shared = parting === -1 ? from.length : parting
  return from.length + to.length - 2 * shared
}
