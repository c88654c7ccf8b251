import { type Stats, statSync } from 'node:fs'
import { StoreUnavailableError } from '../../delivery/store-unavailable-error.ts'

/** The files that SQLite and the store put beside a database. */
export const besideDatabase = ['-wal', '-shm', '-journal', '-reserve']

/** Refuses a database that is not a regular file before it is opened: opening a FIFO may never return. */
export function refuseIrregularStore(path: string): void {
  for (const part of ['', ...besideDatabase]) refuseIrregular(`${path}${part}`)
}

/** Throws `StoreUnavailableError` if the path is something other than a regular file. */
export function refuseIrregular(path: string): void {
  const fault = faultOf(path)
  if (fault === undefined) return
  throw new StoreUnavailableError(`"${path}" ${fault}; give the path of a regular file`, { lasting: true })
}

function faultOf(path: string): string | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    return stats === undefined || stats.isFile() ? undefined : `is ${kindOf(stats)}`
  } catch (error) {
    return `cannot be inspected (${error instanceof Error ? error.message : error})`
  }
}

function kindOf(stats: Stats): string {
  if (stats.isFIFO()) return 'a FIFO'
  if (stats.isDirectory()) return 'a directory'
  if (stats.isSocket()) return 'a socket'
  return 'a device'
}
