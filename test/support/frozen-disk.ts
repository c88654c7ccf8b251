import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: 'ignore' })

/** A disk of its own that can be frozen, so that everybody who writes to it hangs in the kernel. Needs root. */
export class FrozenDisk implements Disposable {
  readonly #root = mkdtempSync(join(tmpdir(), 'ringback-disk-'))
  readonly folder = join(this.#root, 'mounted')

  /** Throws where this machine or user cannot mount. */
  constructor() {
    const image = join(this.#root, 'image')
    mkdirSync(this.folder)
    writeFileSync(image, '')
    truncateSync(image, 64 * 1_048_576)
    try {
      run('mkfs.ext4', '-q', image)
      run('mount', '-o', 'loop', image, this.folder)
    } catch (error) {
      rmSync(this.#root, { recursive: true })
      throw error
    }
  }

  freeze(): void {
    run('fsfreeze', '-f', this.folder)
  }

  thaw(): void {
    run('fsfreeze', '-u', this.folder)
  }

  [Symbol.dispose](): void {
    run('umount', this.folder)
    rmSync(this.#root, { recursive: true })
  }
}
