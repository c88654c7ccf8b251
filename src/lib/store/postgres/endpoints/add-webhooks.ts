import type { AddedDelivery } from '../../../delivery/delivery-store.ts'
import type { NewDelivery } from '../../../delivery/stored-delivery.ts'
import { matchedMessage } from '../../endpoints/endpoint-rows.ts'
import { dueAtOf } from '../../queue/due-time.ts'
import { type Row, text } from '../../rows/row.ts'
import type { InsertedDelivery } from '../add/insert-deliveries.ts'
import { TryAgain } from '../connection/reasons.ts'
import type { Transaction } from '../connection/transaction.ts'
import { type EndpointDelivery, insertEndpointDeliveries } from './insert-endpoint-deliveries.ts'
import { insertFanouts, keysWithFanouts, type NewFanout, orderOf } from './insert-fanouts.ts'
import { insertForms } from './insert-forms.ts'
import { candidateColumns, chooseEndpoints, lookedAtForOne } from './matched-rows.ts'

/** So many deliveries of a message are made in the commit of the send itself. */
const madeAtOnce = 32

/** A form of a message that was stored just now. */
interface StoredForm extends InsertedDelivery {
  readonly stored: Row
}

/** Endpoints by their owners; who has none is left out, and all have the empty owner. */
type EndpointsOf = ReadonlyMap<string, readonly Row[]>

/** Stores messages of webhooks with their older forms, makes their first deliveries, and says of each what became of it. */
export async function addWebhooks(
  transaction: Transaction,
  given: readonly InsertedDelivery[],
): Promise<AddedDelivery[]> {
  if (given.length === 0) return []
  const endpoints = await readEndpoints(transaction, given)
  const listened = given.filter(({ row }) => endpoints.has(ownerOf(row)))
  const newest = await insertForms(transaction, listened)
  await seeThatTheyAreThere(
    transaction,
    listened.filter((_, index) => newest[index] === undefined),
  )
  const stored = listened.flatMap((each, index): StoredForm[] => {
    const row = newest[index]
    return row === undefined ? [] : [{ ...each, stored: row }]
  })
  const older = stored.flatMap(olderForms)
  const olderRows = await insertForms(transaction, older)
  await begin(transaction, endpoints, [
    ...stored,
    ...older.map((each, index) => ({ ...each, stored: olderRows[index] ?? again() })),
  ])
  const isNew = new Set(stored.map(({ row }) => row))
  return given.map(({ row }) => {
    if (isNew.delete(row)) return { id: row.id, repeated: false }
    return endpoints.has(ownerOf(row)) ? { id: row.id, repeated: true } : { id: row.id, repeated: false, skipped: true }
  })
}

const ownerOf = (row: NewDelivery) => row.webhook?.owner ?? ''

function again(): never {
  throw new TryAgain('somebody else had the same number')
}

/** The forms of an event before this one, which go with its message. */
function olderForms({ row, stored, ...times }: StoredForm) {
  const forms: (InsertedDelivery & { readonly newestForm: string })[] = []
  for (let form = row.webhook?.older; form !== undefined; form = form.webhook?.older)
    forms.push({ ...times, row: form, newestForm: text(stored.number) })
  return forms
}

/** Of each owner as many as one piece looks at. */
async function readEndpoints({ query }: Transaction, given: readonly InsertedDelivery[]): Promise<EndpointsOf> {
  const owners = new Set(given.map(({ row }) => ownerOf(row)))
  const isForAll = owners.delete('')
  const rows = owners.size === 0 ? [] : await query(endpointsOfOwners, [[...owners]])
  const endpoints = new Map<string, readonly Row[]>(Map.groupBy(rows, ({ owner }) => text(owner)))
  if (isForAll && (await query(anyEndpoint)).length > 0) endpoints.set('', [])
  return endpoints
}

const endpointsOfOwners = `select x.* from unnest($1::text[]) as o(owner) cross join lateral (
    select ${candidateColumns} from ringback.endpoint e
    where e.owner = o.owner and e.deleted_at is null order by e.number limit ${madeAtOnce * lookedAtForOne}) x`

const anyEndpoint = 'select 1 from ringback.endpoint where deleted_at is null limit 1'

/** One that was not inserted is there by its id; else another process stored its key just now, or had its number. */
async function seeThatTheyAreThere({ query }: Transaction, given: readonly InsertedDelivery[]): Promise<void> {
  if (given.length === 0) return
  const ids = new Set(given.map(({ row }) => row.id))
  const there = await query('select id from ringback.webhook_message where id = any($1::text[])', [[...ids]])
  if (there.length < ids.size) throw new TryAgain('somebody else stored the same key')
}

/** Makes the first deliveries of messages; the rest, and all of one that is held, ordered or for later, is left. */
async function begin(transaction: Transaction, endpoints: EndpointsOf, forms: readonly StoredForm[]): Promise<void> {
  const ordered = await keysWithFanouts(
    transaction,
    forms.map(({ stored }) => stored),
  )
  const deliveries: EndpointDelivery[] = []
  const fanouts: NewFanout[] = []
  for (const form of forms) {
    const { stored: message, now, heldUntil } = form
    const order = orderOf(message)
    const fanout = { message, dueAt: laterOf(form), holders: heldUntil === undefined ? 0 : 1 }
    const waits = message.owner === '' || fanout.dueAt > now || heldUntil !== undefined
    if (waits || order.some(key => ordered.has(key))) fanouts.push({ ...fanout, after: '0' })
    else {
      const rows = endpoints.get(text(message.owner)) ?? []
      const first = { rows, message: matchedMessage(message), sentAt: now, after: '0', limit: madeAtOnce }
      const { chosen, after } = chooseEndpoints(first)
      deliveries.push(...chosen.map(endpoint => ({ message, endpoint })))
      if (after !== undefined) fanouts.push({ ...fanout, after })
    }
    const [own] = order
    if (own !== undefined && fanouts.at(-1)?.message === message) ordered.add(own)
  }
  await insertFanouts(transaction, fanouts)
  const { now = 0 } = forms[0] ?? {}
  await insertEndpointDeliveries(transaction, deliveries, now)
}

function laterOf({ row: { dueAt, delayMs }, now, heldUntil }: InsertedDelivery): number {
  return Math.max(dueAtOf({ dueAt, delayMs }, now), heldUntil ?? 0)
}
