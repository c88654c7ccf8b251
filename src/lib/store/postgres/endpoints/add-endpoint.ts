import { createHash } from 'node:crypto'
import type { AddEndpointRequest, AddEndpointResult } from '../../../delivery/endpoints/endpoint-store.ts'
import { endpointColumns } from '../../endpoints/endpoint-columns.ts'
import { storedEndpoint } from '../../endpoints/endpoint-rows.ts'
import { isNull } from '../../rows/row.ts'
import { timeNumber } from '../add/insert-deliveries.ts'
import { TryAgain } from '../connection/reasons.ts'
import type { Transaction } from '../connection/transaction.ts'
import { waitForOthers } from '../places/lock-places.ts'
import { makePlace } from './endpoint-places.ts'

/** Adds an endpoint. Those of one owner are added one after the other, so that none is one too many. */
export async function addEndpoint(
  transaction: Transaction,
  { endpoint, limit, now }: AddEndpointRequest,
): Promise<AddEndpointResult> {
  const { query } = transaction
  waitForOthers(transaction)
  const { id, tag, owner, createdAt, createKey = null, createDigest = null } = endpoint
  await query('select pg_advisory_xact_lock($1::bigint)', [lockOf(transaction.engine.id, owner)])
  const [known] = await query(find, [id, owner, createKey])
  if (known !== undefined) return { known: storedEndpoint(known), isDeleted: !isNull(known.deleted_at) }
  if (limit !== undefined && (await query(count, [owner, limit])).length >= limit) return { limit: true }
  const destination = await makePlace(transaction, endpoint)
  const { url, origin, events, channels, details, sealed, rate, disabled_reason } = endpointColumns(endpoint)
  const values = [url, origin, events, channels, details, sealed, rate, disabled_reason]
  const [row] = await query(add, [id, tag, owner, destination, ...values, createKey, createDigest, createdAt, now])
  if (row === undefined) throw new TryAgain('somebody else stored the same id')
  return { added: storedEndpoint(row) }
}

/** A number that stands for an owner of this store among the locks of a database. */
function lockOf(storeId: string, owner: string): string {
  const hash = createHash('sha256').update(JSON.stringify(['ringback endpoints', storeId, owner]))
  return hash.digest().readBigInt64BE().toString()
}

const find = `select * from ringback.endpoint
  where id = $1::text or (owner = $2::text and create_key = $3::text) order by id <> $1::text limit 1`

const count = 'select 1 from ringback.endpoint where owner = $1::text and deleted_at is null limit $2::int'

const add = `insert into ringback.endpoint (number, id, tag, owner, destination, url, origin, events, channels, details, sealed,
    rate, disabled_reason, disabled_at, create_key, create_digest, created_at, updated_at, listens_from)
  values (${timeNumber} << 12, $1::text, $2::text, $3::text, $4::bigint, $5::text, $6::text, $7::text, $8::text, $9::text,
    $10::bytea, $11::double precision, $12::text, case when $12::text is not null then $16::bigint end, $13::text, $14::text,
    $15::bigint, $16::bigint, least($15::bigint, $16::bigint))
  on conflict do nothing returning *`
