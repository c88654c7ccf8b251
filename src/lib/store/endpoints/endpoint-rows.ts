import type { AttemptOutcome } from '../../delivery/delivery-state.ts'
import type { DisabledReason } from '../../delivery/endpoints/endpoint.ts'
import type { StoredEndpoint, StoredNotice, StoredRecovery } from '../../delivery/endpoints/endpoint-store.ts'
import { optionalBytes, optionalNumber, optionalText, type Row, text } from '../rows/row.ts'
import type { MatchedMessage } from './endpoint-matches.ts'
import { wordsOf } from './words.ts'

/** An endpoint from all of its columns. */
export function storedEndpoint(row: Row): StoredEndpoint {
  return {
    id: text(row.id),
    tag: text(row.tag),
    owner: text(row.owner),
    url: text(row.url),
    origin: text(row.origin),
    events: wordsOf(text(row.events)),
    channels: wordsOf(text(row.channels)),
    details: text(row.details),
    sealed: optionalBytes(row.sealed) ?? new Uint8Array(),
    ratePerSecond: optionalNumber(row.rate),
    revision: Number(row.revision),
    disabledReason: optionalText(row.disabled_reason) as DisabledReason | undefined,
    disabledAt: optionalNumber(row.disabled_at),
    failingSince: optionalNumber(row.failing_since),
    failedAttempts: Number(row.failed_attempts),
    failingDays: Number(row.failing_days),
    failingDay: Number(row.failing_day),
    isTold: row.is_told === 1,
    lastOutcome: optionalText(row.last_outcome) as AttemptOutcome | undefined,
    lastStatus: optionalNumber(row.last_status),
    lastDeliveredAt: optionalNumber(row.last_delivered_at),
    createKey: optionalText(row.create_key),
    createDigest: optionalText(row.create_digest),
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
    recovery: storedRecovery(row),
  }
}

function storedRecovery(row: Row): StoredRecovery | undefined {
  const state = optionalText(row.recovery_state)
  if (state === undefined) return undefined
  return {
    state: state as StoredRecovery['state'],
    since: Number(row.recovery_since),
    until: Number(row.recovery_until),
    deliveries: Number(row.recovery_deliveries),
    startedAt: Number(row.recovery_started_at),
    finishedAt: optionalNumber(row.recovery_finished_at),
  }
}

/** Who gets a message, from its row. */
export function matchedMessage(row: Row): MatchedMessage {
  return {
    owner: text(row.owner),
    event: text(row.event),
    channels: wordsOf(text(row.channels)),
    except: optionalText(row.except_endpoint),
    newer: wordsOf(text(row.newer)),
    chain: wordsOf(text(row.chain)),
    starFrom: Number(row.star_from),
    starUntil: Number(row.star_until),
  }
}

/** A notice from its row, and the endpoint as it is now. */
export function storedNotice(row: Row, endpoint: StoredEndpoint): StoredNotice {
  return {
    id: text(row.notice),
    kind: text(row.kind) as StoredNotice['kind'],
    endpoint,
    failedAttempts: Number(row.notice_failed_attempts),
    lastOutcome: text(row.notice_last_outcome) as AttemptOutcome,
    lastStatus: optionalNumber(row.notice_last_status),
    failures: Number(row.failures),
  }
}
