import type { Stats } from 'node:fs'
import { dirname } from 'node:path'
import { entryAt, linkTarget } from './linked-path.ts'
import { type Identity, isPrivateGroup, ownIdentity } from './private-group.ts'

/** A file or folder that somebody else can change or read. */
export interface PathFault {
  readonly path: string
  /** What others can do with it. */
  readonly words: string
  readonly remedy: string
}

const othersWrite = 0o022
const othersRead = 0o044
const sticky = 0o1000

/** The faults with which anybody but us and root can write to a file; none on Windows. */
export function writableFile(path: string, identity = ownIdentity()): PathFault[] {
  return identity === undefined ? [] : faultsOf([path], identity)
}

/**
 * The faults of a path's folders, up to the root, and of its links, with which anybody but us and root can put another
 * file in its place. In a sticky folder only owners can do that.
 */
export function writableFolders(path: string, identity = ownIdentity()): PathFault[] {
  if (identity === undefined) return []
  const parts = [...partsOf(path)]
  return faultsOf(isLink(path) ? parts : parts.slice(1), identity)
}

/** The fault with which somebody else can read a file. */
export function readableFile(path: string, identity = ownIdentity()): PathFault[] {
  const stats = entryAt(path)
  if (identity === undefined || stats === undefined || !permits(stats, othersRead, identity)) return []
  return [
    { path, words: `"${path}" can be read by others (mode ${modeOf(stats)})`, remedy: `chmod go-r ${quoted(path)}` },
  ]
}

/** The commands that fix all of them, in one line. */
export function remedyOf(faults: readonly PathFault[]): string {
  return [...new Set(faults.map(({ remedy }) => remedy))].join(' && ')
}

function faultsOf(paths: readonly string[], identity: Identity): PathFault[] {
  return paths.flatMap(path => {
    const stats = entryAt(path)
    if (stats === undefined) return []
    const { uid } = identity
    if (stats.uid !== uid && stats.uid !== 0)
      return [{ path, words: `"${path}" belongs to user ${stats.uid}`, remedy: `chown -h ${uid} ${quoted(path)}` }]
    if (stats.isSymbolicLink() || !permits(stats, othersWrite, identity)) return []
    if (stats.isDirectory() && (stats.mode & sticky) !== 0) return []
    const words = `"${path}" can be written by others (mode ${modeOf(stats)})`
    return [{ path, words, remedy: `chmod go-w ${quoted(path)}` }]
  })
}

/** Whether others have a permission. The permission of a group does not count if the group is only ours. */
function permits({ mode, gid }: Stats, bits: number, identity: Identity): boolean {
  if ((mode & bits & 0o007) !== 0) return true
  return (mode & bits & 0o070) !== 0 && !isPrivateGroup(gid, identity)
}

/** A path and its folders and, for those that are links, the same for where they lead. */
function* partsOf(path: string, seen = new Set<string>()): Generator<string> {
  for (let at = path; !seen.has(at); at = dirname(at)) {
    seen.add(at)
    yield at
    if (isLink(at)) yield* partsOf(linkTarget(at), seen)
  }
}

const isLink = (path: string): boolean => entryAt(path)?.isSymbolicLink() === true
const modeOf = ({ mode }: Stats): string => (mode & 0o7777).toString(8).padStart(4, '0')
const quoted = (path: string): string => `'${path.replaceAll("'", "'\\''")}'`
