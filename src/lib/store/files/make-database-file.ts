import { randomBytes } from 'node:crypto'
import { closeSync, linkSync, openSync, unlinkSync } from 'node:fs'
import { applicationId } from './database-owner.ts'
import { nodeSqlite } from './node-sqlite.ts'

/**
 * Makes a database with Ringback's mark that only its owner can use; the files that SQLite puts beside it get the same
 * mode. The file appears with its first page or not at all. So an empty file is known to be a lost database.
 */
export function makeDatabaseFile(path: string): void {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  closeSync(openSync(draft, 'wx', 0o600))
  try {
    using database = new (nodeSqlite().DatabaseSync)(draft)
    database.exec(`pragma auto_vacuum = incremental; pragma application_id = ${applicationId}`)
    linkSync(draft, path)
  } catch (error) {
    // Another process was quicker.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    unlinkSync(draft)
  }
}
