import { lstatSync, readlinkSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/** Where a path leads through symbolic links; the last part need not be there. SQLite puts its files beside that. */
export function linkedPath(path: string): string {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats?.isSymbolicLink()) return linkedPath(linkTarget(path))
  try {
    return join(realpathSync(dirname(path)), basename(path))
  } catch {
    // Its folder is still to be made.
    return path
  }
}

/** Where one link leads, which may be another one. */
export function linkTarget(path: string): string {
  return resolve(realpathSync(dirname(path)), readlinkSync(path))
}
