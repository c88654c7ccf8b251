import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { coveredParts, type Parts } from './covered-parts.ts'
import { runUntilFailure } from './run-until-failure.ts'

/** What is known of a test file from its run on the unchanged code. */
export interface KnownTest {
  readonly passed: boolean
  readonly milliseconds: number
  /** What of each source it runs. */
  readonly parts: Readonly<Record<string, Parts>>
}

/** A test that takes longer on the unchanged code is left out. */
const limitMs = 45_000
const cache = join(tmpdir(), 'ringback-mutate-known')

/**
 * Runs each test once on the unchanged copy, when it is first asked for. What it learns is kept for later runs, under a
 * name made of all that it depends on.
 */
export class KnownTests {
  readonly #directory: string
  readonly #sources: string
  readonly #known = new Map<string, KnownTest>()

  constructor(directory: string) {
    this.#directory = directory
    const sources = globSync(['src/**/*.{ts,json,pem}', 'test/{support,programs}/**/*.ts'], { cwd: directory })
    this.#sources = this.#digestOf(sources.filter(path => !path.endsWith('.test.ts')))
    mkdirSync(cache, { recursive: true })
  }

  /** Ask only while the copy is unchanged. */
  async learn(test: string): Promise<KnownTest> {
    const known = this.#known.get(test) ?? (await this.#read(test))
    this.#known.set(test, known)
    return known
  }

  async #read(test: string): Promise<KnownTest> {
    const kept = join(cache, `${this.#digestOf([test], this.#sources)}.json`)
    if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8')) as KnownTest
    const known = await this.#run(test)
    writeFileSync(kept, JSON.stringify(known))
    if (!known.passed) console.log(`left out, since it does not pass on the unchanged copy: ${test}`)
    return known
  }

  async #run(test: string): Promise<KnownTest> {
    const folder = mkdtempSync(join(tmpdir(), 'ringback-coverage-'))
    try {
      const run = await runUntilFailure(this.#directory, [test], { limitMs, environment: { NODE_V8_COVERAGE: folder } })
      return { ...run, parts: run.passed ? coveredParts(this.#directory, folder) : {} }
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  #digestOf(paths: readonly string[], seed = ''): string {
    const hash = createHash('sha256').update(seed)
    for (const path of paths.toSorted()) hash.update(`${path}\n`).update(readFileSync(join(this.#directory, path)))
    return hash.digest('hex')
  }
}
