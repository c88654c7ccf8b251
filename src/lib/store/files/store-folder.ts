import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The content of a `.gitignore` that keeps everything out of version control. */
export const ignoreAll = '*\n'

/** Makes the folder of a store if there is none: for its owner only, and out of version control. */
export function makeStoreFolder(directory: string): void {
  if (makeFolder(directory)) writeFileSync(join(directory, '.gitignore'), ignoreAll, { mode: 0o600 })
}

/**
 * Makes one folder at a time. Node's own `recursive` never ends if a parent lets nobody make anything in it, such as
 * /proc.
 */
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
