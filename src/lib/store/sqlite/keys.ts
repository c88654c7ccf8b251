import type { UseKeysRequest, UseKeysResult } from '../../delivery/delivery-store.ts'
import { text } from '../rows/row.ts'
import type { Connection } from './connection.ts'
import type { Messages } from './messages.ts'

/** Remembers which master secrets the store was used with. */
export function createKeys(database: Connection, messages: Messages) {
  const all = database.prepare('select id from ringback_key')
  const add = database.prepare('insert into ringback_key (id) values (?)')
  return {
    useKeys({ ids, adopt }: UseKeysRequest): UseKeysResult {
      const known = new Set(all.all().map(({ id }) => text(id)))
      if (!adopt && !ids.some(id => known.has(id))) {
        const sealed = known.size === 0 ? messages.lastSealed() : undefined
        if (known.size > 0 || sealed !== undefined) return { known: false, sealed }
      }
      for (const id of new Set(ids)) if (!known.has(id)) add.run(id)
      return { known: true }
    },
  }
}
