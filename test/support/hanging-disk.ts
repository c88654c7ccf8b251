import { execFileSync } from 'node:child_process'
import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

/** The program that the database thread at `path` runs instead of its own; see {@link HangingDisk}. */
export const hangingThread = new URL('../programs/hanging-thread.ts', import.meta.url)

export const fifoOf = (path: string, when: 'before' | 'after') => `${path}.hangs-${when}`

/** The file that says that the thread has reached a FIFO. */
export const reachedOf = (fifo: string) => `${fifo}-now`

/** The folder of a database whose thread can be made to hang in a system call, before or after it has committed. */
export class HangingDisk {
  readonly path: string

  constructor(t: TestContext) {
    const folder = mkdtempSync(join(tmpdir(), 'ringback-'))
    this.path = join(folder, 'd.sqlite')
    t.after(() => {
      this.goOn()
      rmSync(folder, { recursive: true })
    })
  }

  hang(when: 'before' | 'after'): void {
    execFileSync('mkfifo', [fifoOf(this.path, when)])
  }

  /** Resolves when the thread hangs. */
  async reached(when: 'before' | 'after'): Promise<void> {
    while (!existsSync(reachedOf(fifoOf(this.path, when)))) await new Promise(resolve => setImmediate(resolve))
  }

  goOn(): void {
    for (const when of ['before', 'after'] as const) {
      const fifo = fifoOf(this.path, when)
      if (!existsSync(fifo)) continue
      const writer = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK)
      unlinkSync(fifo)
      closeSync(writer)
    }
  }
}
