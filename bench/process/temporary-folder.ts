import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Beside the default store, on the project's own disk: commits are synchronous, and a RAM disk would flatter them. */
const parent = join(import.meta.dirname, '../../.ringback')

/** A folder that is removed when the benchmark ends. */
export class TemporaryFolder implements Disposable {
  readonly path: string

  constructor() {
    mkdirSync(parent, { recursive: true })
    this.path = mkdtempSync(join(parent, 'bench-'))
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
