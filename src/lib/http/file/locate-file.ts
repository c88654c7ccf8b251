import type { Stats } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'

/** A file or a folder below a directory, by its path without symbolic links. */
export interface Located {
  readonly path: string
  readonly stats: Stats
}

/**
 * Finds what stands in a directory under some names. A symbolic link counts where it leads to something in the directory:
 * what lies outside of it does not exist, nor does what may not be read.
 */
export async function locateFile(directory: string, names: readonly string[]): Promise<Located | undefined> {
  try {
    const root = await realpath(directory)
    const asked = join(root, ...names)
    const path = await realpath(asked)
    if (!isWithin(path, root) || (foldsCase && isOtherSpelling(path, asked))) return undefined
    return { path, stats: await stat(path) }
  } catch (error) {
    if (isNotThere(error)) return undefined
    throw error
  }
}

const isWithin = (path: string, root: string): boolean =>
  path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)

/** Where a file system finds a file under other spellings, one counts: middleware compares letter by letter. */
const foldsCase = process.platform === 'win32' || process.platform === 'darwin'

const isOtherSpelling = (path: string, asked: string): boolean => path !== asked && folded(path) === folded(asked)

const folded = (path: string): string => path.normalize('NFC').toLowerCase()

/** Whether an error of the file system says that there is nothing to be had. */
export const isNotThere = (error: unknown): boolean => NOT_THERE.has((error as NodeJS.ErrnoException).code ?? '')

const NOT_THERE: ReadonlySet<string> = new Set([
  'ENOENT',
  'ENOTDIR',
  'ENAMETOOLONG',
  'ELOOP',
  'EACCES',
  'EPERM',
  'EINVAL',
])
