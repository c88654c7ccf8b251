import { mostSecretVersions, type RotateSecretRequest } from '../../delivery/delivery-store.ts'
import { type Row, text } from '../rows/row.ts'
import type { Transaction } from './connection/transaction.ts'

/** Which versions of recipients' secrets sign, the newest first; those who were never rotated are left out. */
export async function versionsOf(
  { query }: Transaction,
  recipients: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const rows = Map.groupBy(await query(signing, [recipients, now]), row => text(row.recipient))
  const versions = (of: readonly Row[]) => of.slice(0, mostSecretVersions).map(({ version }) => Number(version))
  return new Map([...rows].map(([recipient, of]) => [recipient, versions(of)]))
}

export async function secretVersions(
  transaction: Transaction,
  { recipient, now }: { readonly recipient: string; readonly now: number },
): Promise<readonly number[]> {
  return (await versionsOf(transaction, [recipient], now)).get(recipient) ?? [1]
}

const signing = `select recipient, version from ringback.secret
  where recipient = any($1::text[]) and (signs_until is null or signs_until > $2::bigint) order by recipient, version desc`

/** Two rotations of one recipient are made one after the other: the first row is there for both to lock. */
export async function rotateSecret(
  { query }: Transaction,
  { recipient, overlapMs, now }: RotateSecretRequest,
): Promise<number> {
  await query(
    `insert into ringback.secret (recipient, version) select $1::text, 1
     where not exists (select 1 from ringback.secret where recipient = $1::text) on conflict do nothing`,
    [recipient],
  )
  await query('select version from ringback.secret where recipient = $1::text order by version for update', [recipient])
  const [newest] = await query('select max(version) as version from ringback.secret where recipient = $1::text', [
    recipient,
  ])
  const version = Number(newest?.['version']) + 1
  await query(
    `update ringback.secret set signs_until = $1::bigint, ended_at = $4::bigint
     where recipient = $2::text and version < $3::int and (signs_until is null or signs_until > $1::bigint)`,
    [now + overlapMs, recipient, version, now],
  )
  await query('insert into ringback.secret (recipient, version) values ($1::text, $2::int)', [recipient, version])
  await query('delete from ringback.secret where recipient = $1::text and signs_until <= $2::bigint', [recipient, now])
  return version
}
