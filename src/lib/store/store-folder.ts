import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a `.gitignore` says that keeps everything out of version control. */
export const ignoreAll = '*\n'

/** Makes the folder of a store where there is none: for its owner only, and out of version control. */
export function makeStoreFolder(directory: string): void {
  if (mkdirSync(directory, { recursive: true, mode: 0o700 }) === undefined) return
  writeFileSync(join(directory, '.gitignore'), ignoreAll, { mode: 0o600 })
}
