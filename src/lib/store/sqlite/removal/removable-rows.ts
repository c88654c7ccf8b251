import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Row, text } from '../../rows/row.ts'
import type { Connection } from '../connection.ts'

/** How many bytes may be removed in one transaction; on a full disk, an eighth of the free room. */
const bytesAtOnce = { least: 32_768, most: 4_194_304, partOfRoom: 8 }

/**
 * Of rows with `number` and `message`, the first ones that may be removed in one transaction; at least one. Removed
 * bytes are overwritten, so all of them go to the log, which needs room for them.
 */
export function createRemovableRows(database: Connection): (rows: readonly Row[]) => readonly Row[] {
  const size = database.prepare(
    `select coalesce((select length(content) from ringback_message where number = ?1), 0)
       + coalesce((select sum(length(body)) from ringback_attempt where delivery = ?2), 0) as bytes`,
  )
  const file = text(database.prepare("select file from pragma_database_list where name = 'main'").get()?.file)
  return rows => {
    const most = mostBytes(file)
    let bytes = 0
    const tooMany = rows.findIndex(({ number, message }) => {
      if (bytes >= most) return true
      bytes += Number(size.get(Number(message), Number(number))?.bytes)
      return false
    })
    return tooMany === -1 ? rows : rows.slice(0, tooMany)
  }
}

function mostBytes(file: string): number {
  const { least, most, partOfRoom } = bytesAtOnce
  if (file === '') return most
  const { bavail, bsize } = statfsSync(dirname(file))
  return Math.min(Math.max((bavail * bsize) / partOfRoom, least), most)
}
