import type {
  ContinueReplaysRequest,
  ReplayResult,
  StartReplayRequest,
  StoredReplay,
} from '../../delivery/delivery-store.ts'
import type { StoreFilter } from '../../delivery/stored-delivery.ts'
import { type Row, text } from '../rows/row.ts'
import { storedReplay } from '../rows/stored-replay-row.ts'
import type { Connection } from './connection.ts'
import type { Walk } from './find/walk.ts'
import { rowColumns } from './remove.ts'

/** Sends one delivery again, under its own id or a new one. */
export type ReplayRow = (row: Row, newId: string | undefined, now: number) => Exclude<ReplayResult, 'missing'>

/** Replays everything that matches a filter, piece by piece. */
export function createReplays(database: Connection, walk: Walk, replayRow: ReplayRow) {
  const start = database.prepare(
    `insert into ringback_replay (id, filter, new_id, position, last, started_at)
     values (?, ?, ?, 0, coalesce((select max(number) from ringback_delivery), 0), ?)`,
  )
  const first = database.prepare(
    'select * from ringback_replay where finished_at is null and started_at >= 0 order by started_at, rowid limit 1',
  )
  const one = database.prepare('select * from ringback_replay where id = ?')
  const goOn = database.prepare(
    `update ringback_replay set position = ?, replayed = replayed + ?, without_bytes = without_bytes + ?, finished_at = ?
     where id = ? returning *`,
  )
  return {
    startReplay({ id, filter, newId, now }: StartReplayRequest): void {
      start.run(id, JSON.stringify(filter), Number(newId), now)
    },
    continueReplays({ now, newIds }: ContinueReplaysRequest): StoredReplay | undefined {
      const replay = first.get()
      if (replay === undefined) return undefined
      const last = Number(replay.last)
      const step = { after: Number(replay.position), order: 'asc', limit: newIds.length } as const
      const { rows, next = last } = walk(rowColumns, JSON.parse(text(replay.filter)) as StoreFilter, step)
      const results = rows
        .filter(({ number }) => Number(number) <= last)
        .map((row, index) => replayRow(row, replay.new_id === 1 ? newIds[index] : undefined, now))
      const count = (result: ReplayResult) => results.filter(each => each === result).length
      const finishedAt = next >= last ? now : null
      const after = goOn.get(next, count('replayed'), count('bytes-purged'), finishedAt, text(replay.id))
      return after && storedReplay(after)
    },
    getReplay(id: string): StoredReplay | undefined {
      const replay = one.get(id)
      return replay && storedReplay(replay)
    },
  }
}
