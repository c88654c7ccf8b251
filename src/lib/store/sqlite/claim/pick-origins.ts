import type { ClaimRequest } from '../../../delivery/delivery-store.ts'
import { type Row, text } from '../../rows/row.ts'
import type { Connection } from '../connection.ts'

/**
 * Chooses which origins a claim serves, and in which order: first some strangers, then the known ones, then the other
 * strangers. It reads no more origins of a lane than there are slots for, however many wait.
 */
export function createPickOrigins(database: Connection): (request: ClaimRequest) => readonly Row[] {
  const statements = prepareStatements(database)
  const giveTurns = (now: number) => {
    if (statements.withoutTurn.get(now) !== undefined) statements.giveTurns.run(now)
  }
  return ({ now, limit, perOrigin, running, lanes }) => {
    giveTurns(now)
    const isFull = ({ name }: Row) => (running.get(text(name)) ?? 0) >= perOrigin
    const full = [...running.values()].filter(count => count >= perOrigin).length
    const ready = (lane: 'known' | 'silent', most: number) => statements.ready.all(lane, now, most)
    const fresh = [
      ...statements.newOfAnyGroup.all(Math.min(lanes.newOfAnyGroup, limit)),
      ...statements.newOfFew.all(Math.min(lanes.new, limit)),
    ]
    const strangers = [
      ...new Map(fresh.map(origin => [origin.number, origin])).values().take(lanes.new),
      ...ready('silent', Math.min(lanes.strangers, limit)),
    ].slice(0, lanes.strangers)
    const known = ready('known', limit + full).filter(origin => !isFull(origin))
    return [...strangers.slice(0, lanes.first), ...known, ...strangers.slice(lanes.first)].slice(0, limit)
  }
}

function prepareStatements(database: Connection) {
  return {
    withoutTurn: database.prepare(
      "select 1 from ringback_origin where lane = 'new' and turn is null and ready_at <= ? limit 1",
    ),
    giveTurns: database.prepare(
      `update ringback_origin as o set turn = given.turn from (
         select number, row_number() over (partition by group_name order by number) - 1 + coalesce(
           (select max(turn) + 1 from ringback_origin as g where g.lane = 'new' and g.group_name = w.group_name),
           (select min(turn) from ringback_origin where turn is not null), 0) as turn
         from ringback_origin as w where w.lane = 'new' and w.turn is null and w.ready_at <= ?
       ) as given where o.number = given.number`,
    ),
    newOfAnyGroup: database.prepare(
      'select * from ringback_origin where turn is not null order by turn, number desc limit ?',
    ),
    newOfFew: database.prepare(
      'select * from ringback_origin where turn is not null and of_few = 1 order by turn, number desc limit ?',
    ),
    ready: database.prepare(
      `select * from ringback_origin where lane = ? and ready_at <= ? and turn is null
       order by ready_at, number limit ?`,
    ),
  }
}
