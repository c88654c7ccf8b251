import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StoreUnavailableError } from '../../delivery/store-unavailable-error.ts'
import { besideDatabase } from './refuse-irregular.ts'
import { ignoreAll } from './store-folder.ts'

/**
 * Refuses a database that is empty or missing although other files show that it was in use. If it were taken for a new
 * one, everything in it would be lost silently, and SQLite would remove its log.
 */
export function refuseLostDatabase(path: string): void {
  const bytes = statSync(path, { throwIfNoEntry: false })?.size
  if (bytes !== undefined && bytes > 0) return
  const trace = bytes === undefined ? traces(path, ['-wal'], 0) : (traces(path, besideDatabase) ?? tracesInFolder(path))
  if (trace === undefined) return
  throw new StoreUnavailableError(
    `the database "${path}" is ${bytes === undefined ? 'missing' : 'empty'}, although "${trace}" shows that it was in use; restore it from a backup or, to start over, remove it and all files beside it whose names begin with its name`,
    { lasting: true },
  )
}

/** The first of these files that exists and is larger than `bytes`. */
const traces = (path: string, parts: readonly string[], bytes = -1): string | undefined =>
  parts.map(part => `${path}${part}`).find(beside => (statSync(beside, { throwIfNoEntry: false })?.size ?? -1) > bytes)

function tracesInFolder(path: string): string | undefined {
  const [secret, ignore] = ['master-secret', '.gitignore'].map(name => join(dirname(path), name)) as [string, string]
  if (existsSync(secret)) return secret
  return existsSync(ignore) && readFileSync(ignore, 'utf8') === ignoreAll ? ignore : undefined
}
