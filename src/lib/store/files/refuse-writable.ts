import { StoreUnavailableError } from '../../delivery/store-unavailable-error.ts'
import { linkedPath } from './linked-path.ts'
import { type PathFault, remedyOf, writableFile, writableFolders } from './path-faults.ts'
import { besideDatabase } from './refuse-irregular.ts'

/**
 * Refuses a master secret that somebody else than we and root could have put there: in its place, or in one of its folders.
 * Throws `StoreUnavailableError` with the command that mends it.
 */
export function refuseWritableSecret(path: string): void {
  refuse([...writableFile(linkedPath(path)), ...writableFolders(path)], 'the master secret')
}

/** The same for a database and what stands beside it. A folder is another matter: {@link writableStoreFolders}. */
export function refuseWritableDatabase(path: string): void {
  const file = linkedPath(path)
  refuse(
    ['', ...besideDatabase].flatMap(part => writableFile(`${file}${part}`)),
    'the delivery store',
  )
}

/** What to warn of where a secret that comes from elsewhere shows at least what was put in the place of a database. */
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
