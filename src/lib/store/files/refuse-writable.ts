import { StoreUnavailableError } from '../../delivery/store-unavailable-error.ts'
import { linkedPath } from './linked-path.ts'
import { type PathFault, remedyOf, writableFile, writableFolders } from './path-faults.ts'
import { besideDatabase } from './refuse-irregular.ts'

/**
 * Refuses a master secret that anybody but us and root could have put there, because the file or one of its folders is
 * writable. Throws `StoreUnavailableError` with the command that fixes it.
 */
export function refuseWritableSecret(path: string): void {
  refuse([...writableFile(linkedPath(path)), ...writableFolders(path)], 'the master secret')
}

/** The same for a database and the files beside it. Folders are handled by {@link writableStoreFolders}. */
export function refuseWritableDatabase(path: string): void {
  const file = linkedPath(path)
  refuse(
    ['', ...besideDatabase].flatMap(part => writableFile(`${file}${part}`)),
    'the delivery store',
  )
}

/**
 * A warning if others could replace the database. That is no reason to refuse it if the secret is stored elsewhere,
 * because the secret then shows that a database was replaced.
 */
export function writableStoreFolders(path: string): string | undefined {
  const faults = writableFolders(path)
  if (faults.length === 0) return undefined
  return `Others could replace the delivery store "${path}": ${words(faults)}; fix it with: ${remedyOf(faults)}`
}

function refuse(faults: readonly PathFault[], what: string): void {
  if (faults.length === 0) return
  const reason = `others could change ${what}: ${words(faults)}; fix it with: ${remedyOf(faults)}`
  throw new StoreUnavailableError(reason, { lasting: true })
}

const words = (faults: readonly PathFault[]): string => faults.map(fault => fault.words).join(', ')
