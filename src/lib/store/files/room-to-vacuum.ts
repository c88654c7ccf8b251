import { accessSync, constants, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'

/** What a vacuum writes: a copy of the used pages, and a journal of everything it overwrites. */
export interface VacuumNeeds {
  readonly copyBytes: number
  readonly journalBytes: number
}

/** A folder, and the free bytes on its file system, which `device` identifies. */
export interface FreeRoom {
  readonly folder: string
  readonly device: number
  readonly freeBytes: number
}

/** Where SQLite puts its temporary files: in the first of these that is writable. */
const temporaryFolders = ['SQLITE_TMPDIR', 'TMPDIR'] as const
const usualFolders = ['/var/tmp', '/usr/tmp', '/tmp', '.']

/** What a vacuum of this database would need. */
export function vacuumNeeds(database: DatabaseSync): VacuumNeeds {
  const number = (pragma: string) => Number(Object.values(database.prepare(`pragma ${pragma}`).get() ?? {})[0])
  const [pages, free, size] = [number('page_count'), number('freelist_count'), number('page_size')]
  return { copyBytes: (pages - free) * size, journalBytes: pages * size }
}

/** The room for the journal beside the database at `path`, and for the copy. */
export function roomToVacuum(path: string): { readonly beside: FreeRoom; readonly temporary: FreeRoom } {
  const given = temporaryFolders.flatMap(name => process.env[name] ?? [])
  const temporary = [...given, ...usualFolders].find(isWritable) ?? '.'
  return { beside: roomIn(dirname(path)), temporary: roomIn(temporary) }
}

/** Says where there is too little room for a vacuum, and how much is missing; undefined if there is enough. */
export function lackOfRoom(
  { copyBytes, journalBytes }: VacuumNeeds,
  { beside, temporary }: ReturnType<typeof roomToVacuum>,
): string | undefined {
  const isOne = beside.device === temporary.device
  const faults = [
    lack(beside, isOne ? copyBytes + journalBytes : journalBytes),
    isOne ? undefined : lack(temporary, copyBytes),
  ].filter(fault => fault !== undefined)
  return faults.length === 0 ? undefined : faults.join(', and ')
}

function lack({ folder, freeBytes }: FreeRoom, bytes: number): string | undefined {
  if (freeBytes >= bytes) return undefined
  return `${bytes} bytes of free room are needed on the disk of "${folder}", which lacks ${bytes - freeBytes} of them`
}

function roomIn(folder: string): FreeRoom {
  const { bavail, bsize } = statfsSync(folder)
  return { folder, device: statSync(folder).dev, freeBytes: bavail * bsize }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return statSync(folder).isDirectory()
  } catch {
    return false
  }
}
