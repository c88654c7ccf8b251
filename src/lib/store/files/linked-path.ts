import { lstatSync, readlinkSync, realpathSync, type Stats } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/** Where a path leads through symbolic links; the last part need not be there. SQLite puts its files beside that. */
export function linkedPath(path: string): string {
  if (entryAt(path)?.isSymbolicLink()) return linkedPath(linkTarget(path))
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

/** What stands at a path itself, be it a link; undefined where there is nothing, not even a folder to look into. */
export function entryAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined
    throw error
  }
}
