import type { AddedDelivery, AddRequest, AddResult, KeyedDelivery } from '../../../delivery/delivery-store.ts'
import type { IdempotencyKey, NewDelivery } from '../../../delivery/stored-delivery.ts'
import { type FindKeyed, findConflict, findKnown, keyText } from '../../rows/known-keys.ts'
import { text } from '../../rows/row.ts'
import { TryAgain } from '../connection/reasons.ts'
import type { Transaction } from '../connection/transaction.ts'
import { addWebhooks } from '../endpoints/add-webhooks.ts'
import { readKeyed } from './find-keyed.ts'
import { joinHeld, makeDue } from './hold.ts'
import { insertDeliveries } from './insert-deliveries.ts'

/** What one request adds, and what it repeats. */
interface Plan {
  readonly request: AddRequest
  readonly known: readonly (KeyedDelivery | undefined)[]
}

/** Adds what several requests ask for, with the same few statements as for one; all of each or none of it. */
export async function addAll(transaction: Transaction, requests: readonly AddRequest[]): Promise<AddResult[]> {
  const keys = requests.flatMap(({ rows }) => rows.filter(isKeyed))
  const plans = planAll(requests, keys.length === 0 ? () => undefined : await readKeyed(transaction, keys))
  const fresh = plans.flatMap(plan => ('conflict' in plan ? [] : freshOf(plan)))
  const deliveries = fresh.filter(({ row }) => row.webhook === undefined)
  const webhooks = await addWebhooks(
    transaction,
    fresh.filter(({ row }) => row.webhook !== undefined),
  )
  const inserted = await insertDeliveries(transaction, deliveries)
  const left = deliveries.filter(({ row }) => !inserted.has(row.id)).map(({ row }) => row.id)
  if (left.length > 0) await seeThatTheyAreThere(transaction, left)
  const addedNow: AddedNow = { isNew: new Set(inserted), webhooks: webhooks.values() }
  const results: AddResult[] = []
  for (const plan of plans) results.push('conflict' in plan ? plan : await resultOf(transaction, plan, addedNow))
  return results
}

const isKeyed = (row: NewDelivery): row is NewDelivery & IdempotencyKey => row.idempotencyKey !== undefined

/** What each request adds, where those before it are taken into account. */
function planAll(requests: readonly AddRequest[], find: FindKeyed): (Plan | AddConflict)[] {
  const planned = new Map<string, KeyedDelivery>()
  return requests.map(request => {
    const known = findKnown(request.rows, key => planned.get(planKey(key)) ?? find(key))
    const conflict = findConflict(request.rows, known)
    if (conflict !== undefined) return conflict
    for (const [index, row] of request.rows.entries())
      if (isKeyed(row) && known[index] === undefined)
        planned.set(planKey(row), { id: row.id, digest: row.digest ?? '', held: request.heldUntil !== undefined })
    return { request, known }
  })
}

/** A webhook may be sent by any operation. */
const planKey = (key: IdempotencyKey) => keyText(key.destination === '' ? { ...key, operation: '' } : key)

type AddConflict = Extract<AddResult, { readonly conflict: unknown }>

function freshOf({ request: { rows, now, heldUntil }, known }: Plan) {
  return rows.filter((_, index) => known[index] === undefined).map(row => ({ row, now, heldUntil }))
}

/** One that was not inserted is there by its id; else another process stored its key just now, or had its number. */
async function seeThatTheyAreThere({ query }: Transaction, ids: readonly string[]): Promise<void> {
  const rows = await query('select id from ringback.delivery where id = any($1::text[])', [ids])
  const there = new Set(rows.map(({ id }) => text(id)))
  if (!ids.every(id => there.has(id))) throw new TryAgain('somebody else stored the same key')
}

/** What was added, while it is not yet told of. */
interface AddedNow {
  readonly isNew: Set<string>
  /** The messages of webhooks, in the order of the requests. */
  readonly webhooks: Iterator<AddedDelivery>
}

async function resultOf(
  transaction: Transaction,
  { request, known }: Plan,
  { isNew, webhooks }: AddedNow,
): Promise<AddResult> {
  const { rows, now, heldUntil } = request
  const added: AddedDelivery[] = []
  for (const [index, row] of rows.entries()) {
    const first = known[index]
    if (first === undefined && row.webhook !== undefined) added.push(webhooks.next().value)
    // The same id may be given twice: the second is a repeat.
    else if (first === undefined) added.push({ id: row.id, repeated: !isNew.delete(row.id) })
    else if (
      heldUntil === undefined &&
      (await makeDue(transaction, { deliveries: [{ ...row, id: first.id }], now })).length > 0
    )
      added.push({ id: first.id, repeated: true, released: true })
    else {
      if (heldUntil !== undefined) await joinHeld(transaction, first.id)
      added.push({ id: first.id, repeated: true })
    }
  }
  return { added }
}
