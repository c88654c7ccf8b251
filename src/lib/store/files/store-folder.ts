import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What a `.gitignore` says that keeps everything out of version control. */
export const ignoreAll = '*\n'

/** Makes the folder of a store where there is none: for its owner only, and out of version control. */
export function makeStoreFolder(directory: string): void {
  if (makeFolder(directory)) writeFileSync(join(directory, '.gitignore'), ignoreAll, { mode: 0o600 })
}

/** Step by step: where a parent lets nobody make anything, as /proc does, Node's own `recursive` never ends. */
function makeFolder(folder: string): boolean {
  if (existsSync(folder)) return false
  if (dirname(folder) !== folder) makeFolder(dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}
