import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'

/** The statfs(2) types of Linux file systems whose files may be on another machine. */
const types: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0x01021997, '9p'],
  [0x65735546, 'FUSE'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x73757245, 'Coda'],
  [0x564c, 'NCP'],
  [0x786f4256, 'VirtualBox shared folder'],
  [0x01161970, 'GFS2'],
  [0x7461636f, 'OCFS2'],
])

/** The name of a file system that may be on another machine, by its statfs(2) type; undefined for all others. */
export function networkFileSystem(type: number): string | undefined {
  // Some machines return a signed number.
  return types.get(type >>> 0)
}

/** The warning if the folder of a store is on such a file system. Only for Linux: other systems use other numbers. */
export function networkWarning(path: string, typeOf = (folder: string) => statfsSync(folder).type): string | undefined {
  const name = process.platform === 'linux' ? networkFileSystem(typeOf(dirname(path))) : undefined
  if (name === undefined) return undefined
  return `The delivery store is on a file system that may be on another machine (${name}), where locks and the log of SQLite are not reliable: move it to a local disk: ${path}`
}
