import { StoreUnavailableError } from '../../../delivery/store-unavailable-error.ts'
import { RingbackError } from '../../../error.ts'

/** Thrown where a transaction is to be rolled back and done again. */
export class TryAgain extends Error {}

/** Thrown where what is asked has to wait for others, while what was asked before it may hold something: each goes alone then. */
export class NotTogether extends Error {}

/** Classes and codes of PostgreSQL's errors, in words for whoever runs the program. */
const reasons: readonly (readonly [code: string, reason: string])[] = [
  ['53100', 'the disk of the database server is full'],
  ['53300', 'the database server has no connection left'],
  ['53', 'the database server lacks resources'],
  ['28', 'the database server refuses the user or the password'],
  ['3D', 'the database does not exist'],
  ['42501', 'the user of the database may not do this'],
  ['25006', 'the database can only be read: it is a standby'],
  ['57', 'the database server is shutting down or starting up'],
  ['55P03', 'somebody else holds the lock'],
]

/** What somebody has to mend, and does not pass by itself. */
const lasting = ['28', '3D', '42', '0A']

/** Why the database could not do something. */
export function reasonOf(error: unknown): string {
  if (error instanceof StoreUnavailableError) return error.reason
  const code = sqlState(error)
  const known = reasons.find(([start]) => code?.startsWith(start))
  if (known !== undefined) return known[1]
  if (code === undefined && isConnectionError(error)) return 'the database server cannot be reached'
  return error instanceof Error ? error.message : String(error)
}

export function isLasting(error: unknown): boolean {
  if (error instanceof StoreUnavailableError) return error.lasting
  const code = sqlState(error)
  return code !== undefined && lasting.some(start => code.startsWith(start))
}

/** Whether doing it again may go well at once: a deadlock, or a conflict with somebody else. */
export function isConflict(error: unknown): boolean {
  const code = sqlState(error)
  return error instanceof TryAgain || code === '40001' || code === '40P01'
}

/** Whether the tables are not there. */
export function hasNoTables(error: unknown): boolean {
  const code = sqlState(error)
  return code === '42P01' || code === '3F000'
}

/** Whether the connection is of no more use. */
export function isConnectionError(error: unknown): boolean {
  const code = sqlState(error)
  if (code !== undefined) return code.startsWith('08') || code.startsWith('57P')
  if (
    !(error instanceof Error) ||
    error instanceof RingbackError ||
    error instanceof TryAgain ||
    error instanceof NotTogether
  )
    return false
  // The driver's own errors have no code.
  return (
    ('code' in error && typeof error.code === 'string') || /connect|terminated|timeout|queryable/i.test(error.message)
  )
}

/** The five characters of an error that the server sent; undefined where it is none of the server's. */
function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}
