import type { DatabaseSync } from 'node:sqlite'

/**
 * Marks a database as Ringback's, for the `file` command and other programs: "Ring" (SQLite's file format,
 * section 1.3.15).
 */
export const applicationId = 0x52696e67

/** Who uses a database: nobody while it has no tables. One that a user shares with Ringback counts as Ringback's. */
export function databaseOwner(database: DatabaseSync): 'nobody' | 'ringback' | 'another' {
  const { tables, ours } = database
    .prepare(`select count(*) as tables, sum(name = 'ringback_schema') as ours from sqlite_master`)
    .get() as Record<string, number | null>
  const mark = database.prepare('pragma application_id').get()?.application_id
  if (ours || (mark === applicationId && !tables)) return 'ringback'
  return tables || mark !== 0 ? 'another' : 'nobody'
}

/** Marks a database that has no mark yet and no tables but ours. */
export function markDatabase(database: DatabaseSync): void {
  const mark = database.prepare('pragma application_id').get()?.application_id
  const others = database.prepare(
    `select 1 from sqlite_master where name not like 'ringback\\_%' escape '\\' and tbl_name not like 'ringback\\_%' escape '\\' limit 1`,
  )
  if (mark === 0 && others.get() === undefined) database.exec(`pragma application_id = ${applicationId}`)
}
