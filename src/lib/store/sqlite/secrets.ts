import { mostSecretVersions, type RotateSecretRequest } from '../../delivery/delivery-store.ts'
import { type Row, text } from '../rows/row.ts'
import type { Connection } from './connection.ts'

/** Which versions of recipients' secrets there are. The secrets themselves are derived and never stored. */
export interface Secrets {
  secretVersions(request: { readonly recipient: string; readonly now: number }): readonly number[]
  /** The same for several recipients. Those that were never rotated are left out. */
  versionsOf(recipients: readonly string[], now: number): ReadonlyMap<string, readonly number[]>
  rotateSecret(request: RotateSecretRequest): number
}

export function createSecrets(database: Connection): Secrets {
  const signing = database.prepare(
    `select version from ringback_secret where recipient = ? and (signs_until is null or signs_until > ?)
     order by version desc limit ${mostSecretVersions}`,
  )
  const signingOf = database.prepare(
    `select recipient, version from ringback_secret where recipient in (select value from json_each(?))
     and (signs_until is null or signs_until > ?) order by recipient, version desc`,
  )
  const newest = database.prepare('select max(version) as version from ringback_secret where recipient = ?')
  const add = database.prepare('insert into ringback_secret (recipient, version, signs_until) values (?, ?, ?)')
  const end = database.prepare(
    `update ringback_secret set signs_until = ?1, ended_at = ?4
     where recipient = ?2 and version < ?3 and (signs_until is null or signs_until > ?1)`,
  )
  const remove = database.prepare('delete from ringback_secret where recipient = ? and signs_until <= ?')
  return {
    secretVersions({ recipient, now }) {
      const versions = signing.all(recipient, now).map(row => Number(row.version))
      return versions.length === 0 ? [1] : versions
    },
    versionsOf(recipients, now) {
      const rows = Map.groupBy(signingOf.all(JSON.stringify(recipients), now), row => text(row.recipient))
      const versions = (of: readonly Row[]) => of.slice(0, mostSecretVersions).map(({ version }) => Number(version))
      return new Map([...rows].map(([recipient, of]) => [recipient, versions(of)]))
    },
    rotateSecret({ recipient, overlapMs, now }) {
      const before = Number(newest.get(recipient)?.version ?? 1)
      if (before === 1) add.run(recipient, 1, null)
      end.run(now + overlapMs, recipient, before + 1, now)
      add.run(recipient, before + 1, null)
      remove.run(recipient, now)
      return before + 1
    },
  }
}
