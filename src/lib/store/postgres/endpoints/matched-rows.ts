import { endpointMatches, type MatchedMessage } from '../../endpoints/endpoint-matches.ts'
import { wordsOf } from '../../endpoints/words.ts'
import { type Row, text } from '../../rows/row.ts'

/** So many endpoints are looked at for each delivery that a piece may make, whether they match or not. */
export const lookedAtForOne = 8

/** What has to be known of an endpoint `e` to send something to it. */
export const candidateColumns = `e.number, e.id, e.tag, e.owner, e.destination, e.url, e.origin, e.events, e.channels,
  e.created_at, e.listens_from, e.disabled_reason,
  (select epoch from ringback.destination where number = e.destination) as epoch`

/** Some endpoints in the order of their numbers. */
export interface Candidates {
  readonly rows: readonly Row[]
  readonly message: MatchedMessage
  /** When it was sent: who listens only since later does not get it. */
  readonly sentAt: number
  /** The last one before them. */
  readonly after: string
  /** At most so many are chosen. */
  readonly limit: number
}

/** Chooses who gets a message; `after` is the number of the last one that was looked at, undefined if there are no more. */
export function chooseEndpoints({ rows, message, sentAt, after, limit }: Candidates) {
  const chosen: Row[] = []
  let last = after
  for (const row of rows) {
    if (chosen.length === limit) return { chosen, after: last }
    const listens = row.disabled_reason === null && Number(row.listens_from) <= sentAt
    if (listens && isFor(row, message)) chosen.push(row)
    last = text(row.number)
  }
  return { chosen, after: rows.length === limit * lookedAtForOne ? last : undefined }
}

/** Whether an endpoint gets a message, whenever both were made. */
export function isFor(row: Row, message: MatchedMessage): boolean {
  const endpoint = {
    id: text(row.id),
    owner: text(row.owner),
    events: wordsOf(text(row.events)),
    channels: wordsOf(text(row.channels)),
    createdAt: Number(row.created_at),
  }
  return endpointMatches(endpoint, message)
}
