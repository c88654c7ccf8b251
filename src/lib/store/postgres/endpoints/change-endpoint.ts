import type { ChangeEndpointRequest, StoredEndpoint } from '../../../delivery/endpoints/endpoint-store.ts'
import { endpointColumns } from '../../endpoints/endpoint-columns.ts'
import { storedEndpoint } from '../../endpoints/endpoint-rows.ts'
import { type Row, text } from '../../rows/row.ts'
import type { Transaction } from '../connection/transaction.ts'
import { cancelWaiting, closePlace, leavePlace, lockPlace, movePlace, setRate } from './endpoint-places.ts'
import { beginRecovery, endRecoveries } from './recoveries.ts'

/** What a change means for the destination of an endpoint. */
interface PlaceChanges {
  readonly isMoved: boolean
  readonly isEnabled: boolean
  readonly isSlowed: boolean
  readonly isCancelled: boolean
}

/** Writes what is different, and what follows from it for its destination, where that was not changed meanwhile. */
export async function changeEndpoint(
  transaction: Transaction,
  request: ChangeEndpointRequest,
): Promise<StoredEndpoint | 'changed-meanwhile' | 'missing'> {
  const { id, revision, values, deleted = false } = request
  const [before] = await transaction.query(select, [id])
  if (before === undefined) return 'missing'
  if (Number(before.revision) !== revision) return 'changed-meanwhile'
  const was = storedEndpoint(before)
  const is = { ...was, ...values }
  const changes = changesOf(was, is, deleted)
  const destination = text(before.destination)
  // Places before endpoints, as wherever both are locked
  const from = Object.values(changes).includes(true)
    ? await lockPlace(transaction, destination, changes.isMoved ? is : undefined)
    : ''
  const [locked] = await transaction.query(`${select} for update`, [id])
  if (locked === undefined) return 'missing'
  if (Number(locked.revision) !== revision) return 'changed-meanwhile'
  await write(transaction, before, { is, changes, request })
  await tellPlace(transaction, { destination, from, is, changes }, request)
  const [after = before] = await transaction.query('select * from ringback.endpoint where id = $1::text', [id])
  return storedEndpoint(after)
}

function changesOf(was: StoredEndpoint, is: StoredEndpoint, deleted: boolean): PlaceChanges {
  const [wasDisabled, isDisabled] = [was, is].map(({ disabledReason }) => disabledReason !== undefined)
  return {
    isMoved: is.url !== was.url,
    isEnabled: wasDisabled === true && isDisabled === false,
    isSlowed: is.ratePerSecond !== was.ratePerSecond,
    isCancelled: deleted || (isDisabled === true && wasDisabled === false),
  }
}

const select = 'select * from ringback.endpoint where id = $1::text and deleted_at is null'

interface Written {
  readonly is: StoredEndpoint
  readonly changes: PlaceChanges
  readonly request: ChangeEndpointRequest
}

async function write(transaction: Transaction, { number = null }: Row, { is, changes, request }: Written) {
  const { deleted, recovery, now } = request
  const { url, origin, events, channels, details, sealed, rate, disabled_reason } = endpointColumns(is)
  const values = [url, origin, events, channels, details, sealed, rate, disabled_reason]
  await transaction.query(update, [number, ...values, now])
  if (changes.isMoved || changes.isEnabled) await transaction.query(clear, [number])
  if (changes.isCancelled) await endRecoveries(transaction, [number], { state: 'cancelled', now })
  if (deleted) await transaction.query(bury, [number, now])
  if (recovery !== undefined) await beginRecovery(transaction, number, recovery, now)
}

const update = `update ringback.endpoint set url = $2::text, origin = $3::text, events = $4::text, channels = $5::text,
    details = $6::text, sealed = $7::bytea, rate = $8::double precision, disabled_reason = $9::text,
    disabled_at = case when $9::text is not null then coalesce(disabled_at, $10::bigint) end, updated_at = $10::bigint,
    revision = revision + 1
  where number = $1::bigint`

const clear = `update ringback.endpoint set failing_since = null, failed_attempts = 0, failing_days = 0, failing_day = 0,
  is_told = 0 where number = $1::bigint`

const bury = `update ringback.endpoint set deleted_at = $2::bigint, sealed = '', details = '{}', create_key = null,
  create_digest = null where number = $1::bigint`

interface ToldPlace {
  readonly destination: string
  /** The number of its origin. */
  readonly from: string
  readonly is: StoredEndpoint
  readonly changes: PlaceChanges
}

async function tellPlace(
  transaction: Transaction,
  { destination, from, is, changes }: ToldPlace,
  { deleted, now }: ChangeEndpointRequest,
): Promise<void> {
  if (changes.isMoved) await movePlace(transaction, destination, is, { from, now })
  else if (changes.isEnabled) await closePlace(transaction, destination, now)
  if (changes.isSlowed) await setRate(transaction, destination, is.ratePerSecond, now)
  if (changes.isCancelled) await cancelWaiting(transaction, [destination], now)
  if (deleted) await leavePlace(transaction, destination)
}
