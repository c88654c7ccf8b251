import { type FSWatcher, watch } from 'node:fs'
import { basename, dirname } from 'node:path'

/** What editors do within this time is one change. */
const SETTLE_MS = 50

/**
 * Tells when one of some files changes. It is their folders that are watched: many editors, and Git, put a new file in the
 * place of the old one, which nobody who watches the old one learns of.
 */
export class WatchedFiles {
  readonly #folders = new Map<string, { readonly watcher: FSWatcher; readonly names: Set<string> }>()
  #next = Promise.withResolvers<void>()
  #settling: NodeJS.Timeout | undefined

  /** Watches a file, which need not be there yet; its folder must be. */
  add(path: string): void {
    const folder = dirname(path)
    try {
      const watched = this.#folders.get(folder) ?? this.#watch(folder)
      watched.names.add(basename(path))
    } catch {
      // A folder that is not there, or that the system cannot watch: a change of another file starts anew.
    }
  }

  /** Resolves at the next change. */
  async changed(): Promise<void> {
    this.#next = Promise.withResolvers()
    await this.#next.promise
  }

  close(): void {
    clearTimeout(this.#settling)
    for (const { watcher } of this.#folders.values()) watcher.close()
    this.#folders.clear()
  }

  #watch(folder: string) {
    const names = new Set<string>()
    const watcher = watch(folder, (_, name) => {
      if (name === null || names.has(name)) this.#noteChange()
    })
    // A folder that is removed is watched no more.
    watcher.on('error', () => this.#folders.delete(folder))
    const watched = { watcher, names }
    this.#folders.set(folder, watched)
    return watched
  }

  #noteChange(): void {
    clearTimeout(this.#settling)
    this.#settling = setTimeout(() => this.#next.resolve(), SETTLE_MS)
  }
}
