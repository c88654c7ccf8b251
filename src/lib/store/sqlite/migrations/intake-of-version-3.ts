import type { SQLInputValue } from 'node:sqlite'
import { originGroup } from '../../../delivery/isolation/origin-group.ts'
import { hashOf } from '../../../signature/destination-hash.ts'
import { text } from '../../rows/row.ts'
import type { Connection } from '../connection.ts'

/**
 * Until version 4, a process that only stored deliveries wrote each of them as one text, which was put into the tables
 * later.
 */
type Kind = readonly [
  operation: string,
  callback: string,
  method: string,
  responses: string | null,
  retryDelaysSeconds: readonly number[],
  timeoutMs: number,
  retryOnInvalidResponse: boolean,
  hasOnResponse: boolean,
]

type Written = readonly [
  /** The index of its kind in the list of kinds. */
  kind: number,
  createdAt: number,
  id: string,
  url: string,
  destination: string,
  origin: string,
  recipient: string | null,
  /** The bytes of headers and body as characters, one each. */
  headers: string | null,
  body: string | null,
  traceParent: string | null,
  orderingKey: string | null,
  dueAt: number | null,
  /** Missing in a text of version 2, where the recipient is the destination if none was named. */
  destinationHash?: string,
]

/** Puts what waits in the intake into the tables of version 3. */
export function emptyIntake(database: Connection): void {
  const place = createPlacing(database)
  for (const { deliveries } of database.prepare('select deliveries from ringback_intake order by number').all()) {
    const [kinds, written]: readonly [readonly Kind[], readonly Written[]] = JSON.parse(text(deliveries))
    for (const delivery of written) place(kinds[delivery[0]]!, delivery)
  }
}

function createPlacing(database: Connection) {
  const enter = createEntering(database)
  const isBehind = database.prepare(
    `select 1 from ringback_delivery where destination = ? and ordering_key = ?
     and state in ('scheduled', 'attempting') and behind = 0 limit 1`,
  )
  const insertDelivery = database.prepare(
    `insert into ringback_delivery (destination, behind, due_at, id, operation, callback, method, url, ordering_key,
       destination_hash, created_at, state)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'scheduled') on conflict (id) do nothing`,
  )
  const insertJob = database.prepare('insert into ringback_job values (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  return (kind: Kind, written: Written): void => {
    const [operation, callback, method] = kind
    const [, createdAt, id, url, destination, , , , , , orderingKey, dueAt, hash] = written
    const place = enter(written, dueAt ?? createdAt)
    const behind = orderingKey !== null && isBehind.get(place, orderingKey) !== undefined
    const { changes, lastInsertRowid } = insertDelivery.run(
      ...[place, behind ? 1 : 0, dueAt ?? createdAt, id, operation, callback, method, url, orderingKey],
      ...[hash ?? hashOf(destination), createdAt],
    )
    if (changes > 0) insertJob.run(lastInsertRowid, ...jobValues(kind, written))
  }
}

function jobValues(kind: Kind, [, , , , , , , headers, body, traceParent]: Written): SQLInputValue[] {
  const [, , , responses, retryDelaysSeconds, timeoutMs, retryOnInvalidResponse, hasOnResponse] = kind
  const bytes = (characters: string | null) => (characters === null ? null : Buffer.from(characters, 'latin1'))
  const waits = JSON.stringify(retryDelaysSeconds)
  const flags = [retryOnInvalidResponse ? 1 : 0, hasOnResponse ? 1 : 0]
  return [bytes(headers), bytes(body), responses, waits, timeoutMs, ...flags, traceParent]
}

/** Returns the number of a delivery's destination, for which something may be claimed at `dueAt` at the latest. */
function createEntering(database: Connection) {
  const addOrigin = database.prepare(
    `insert into ringback_origin (name, lane, group_name, of_few) values (?, 'new', ?, 1)
     on conflict (name) do update set name = name returning number`,
  )
  const addDestination = database.prepare(
    `insert into ringback_destination (origin, url, recipient, deliveries) values (?, ?, ?, 1)
     on conflict (origin, url, recipient) do update set deliveries = deliveries + 1 returning number`,
  )
  const ready = (table: string) =>
    database.prepare(`update ${table} set ready_at = max(?1, paused_until) where number = ?2
      and (ready_at is null or ready_at > max(?1, paused_until))`)
  const [readyDestination, readyOrigin] = [ready('ringback_destination'), ready('ringback_origin')]
  return ([, , , , destination, name, recipient, , , , , , hash]: Written, dueAt: number): number => {
    const named = hash === undefined && recipient === destination ? null : recipient
    const origin = Number(addOrigin.get(name, originGroup({ recipient: named ?? undefined, origin: name }))?.number)
    const place = Number(addDestination.get(origin, destination, named ?? '')?.number)
    readyDestination.run(dueAt, place)
    readyOrigin.run(dueAt, origin)
    return place
  }
}
