import type { MakeDueRequest } from '../../delivery/delivery-store.ts'
import type { Connection } from './connection.ts'
import { orderedOf, type Removal } from './remove.ts'
import type { Schedule } from './schedule.ts'
import type { Row } from './values.ts'

/** Deliveries whose requests have not said yet whether they are to be sent. */
export interface Holding {
  /** One more request holds it; nothing where nobody does. */
  join(id: string): void
  /** Makes one due, whoever holds it; true where it was held and still waits. */
  release(id: string, dueAt: number, now: number): boolean
  makeDue(request: MakeDueRequest): string[]
  takeBack(request: { readonly ids: readonly string[]; readonly now: number }): string[]
}

export function createHolding(database: Connection, schedule: Schedule, removal: Removal): Holding {
  const held = database.prepare(
    `select number, destination, ordering_key, state, behind, attempt_count, holders from ringback_delivery
     where id = ? and holders > 0`,
  )
  const setHolders = database.prepare('update ringback_delivery set holders = ? where number = ?')

  const release = (id: string, dueAt: number, now: number): boolean => {
    const row = held.get(id)
    if (row === undefined) return false
    setHolders.run(0, Number(row.number))
    if (row.state !== 'scheduled' || isBegun(row)) return false
    schedule.schedule(orderedOf(row), dueAt, now)
    return true
  }

  const takeBack = (id: string, now: number): boolean => {
    const row = held.get(id)
    if (row === undefined) return false
    const others = isBegun(row) ? 0 : Number(row.holders) - 1
    setHolders.run(others, Number(row.number))
    if (others > 0 || isBegun(row)) return false
    removal.remove(row, now)
    return true
  }

  return {
    join(id) {
      const row = held.get(id)
      if (row !== undefined) setHolders.run(Number(row.holders) + 1, Number(row.number))
    },
    release,
    makeDue: ({ deliveries, now }) =>
      deliveries.filter(({ id, dueAt = now }) => release(id, dueAt, now)).map(({ id }) => id),
    takeBack: ({ ids, now }) => ids.filter(id => takeBack(id, now)),
  }
}

/** Its time of holding has passed, and a worker sends it or has sent it. */
function isBegun(row: Row): boolean {
  return Number(row.attempt_count) > 0
}
