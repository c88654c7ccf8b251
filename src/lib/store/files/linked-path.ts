import { lstatSync, readlinkSync, realpathSync, type Stats } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/** Where a path leads through symbolic links. The last part need not exist. SQLite puts its files beside the result. */
export function linkedPath(path: string): string {
  if (entryAt(path)?.isSymbolicLink()) return linkedPath(linkTarget(path))
  try {
    return join(realpathSync(dirname(path)), basename(path))
  } catch {
    // The folder does not exist yet.
    return path
  }
}

/** Where one link leads, which may be another link. */
export function linkTarget(path: string): string {
  return resolve(realpathSync(dirname(path)), readlinkSync(path))
}

/** What is at the path itself, even if it is a link; undefined if nothing is there, not even the folder. */
export function entryAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined
    throw error
  }
}
