import type { SkippedCallback } from '../callback/callback-runtime.ts'
import type { DeliveryStore } from '../delivery/delivery-store.ts'
import { openBody } from '../delivery/keys/open-message.ts'
import { readMessage } from '../delivery/message.ts'
import type { NewDelivery } from '../delivery/stored-delivery.ts'
import { isJsonType } from '../http/media-type.ts'
import { decodeJson } from '../json/decode-json.ts'

/** A delivery as a test sees it: what was stored. Its state and attempts are in `app.deliveries.get(id)`. */
export interface RecordedDelivery {
  readonly id: string
  readonly operation: string
  readonly callback: string
  readonly method: string
  readonly url: string
  /** The base URL that the request gave. */
  readonly destination: string
  /** The tenant for whom it is sent; undefined where none was named. */
  readonly recipient: string | undefined
  /** Whose endpoints get it, if it is the message of a webhook, whose event `callback` names; empty for everyone's. */
  readonly owner?: string
  /** The value of a JSON body, text, or else the bytes; undefined if there is none. */
  readonly body: unknown
  readonly idempotencyKey: string | undefined
  readonly orderingKey: string | undefined
}

/** What a test is told of its store, and with what. */
export interface Recording {
  readonly deliveries: RecordedDelivery[]
  readonly masterSecret: string
  onSkipped(skipped: SkippedCallback): void
}

/** A store that also records what is added to it; the keys of a test are neither asked for nor noted. */
export function recordingStore(
  store: DeliveryStore,
  { deliveries: recorded, masterSecret, onSkipped }: Recording,
): DeliveryStore {
  /** The newest form of each message that is an earlier one. */
  const newest = new Map<string, string>()
  const add: DeliveryStore['add'] = async request => {
    const result = await store.add(request)
    if ('conflict' in result) return result
    for (const [index, row] of request.rows.entries()) {
      const { repeated = false, skipped = false } = result.added[index] ?? {}
      if (skipped) onSkipped({ operation: '', callback: row.callback, expression: '', owner: row.webhook?.owner ?? '' })
      else if (!repeated)
        for (const form of formsOf(row)) {
          newest.set(form.id, row.id)
          recorded.push(recordedDelivery(form, masterSecret))
        }
    }
    return result
  }
  const takeBack: DeliveryStore['takeBack'] = async request => {
    const removed = await store.takeBack(request)
    const left = recorded.filter(({ id }) => !removed.includes(newest.get(id) ?? id))
    recorded.splice(0, recorded.length, ...left)
    return removed
  }
  return new Proxy(store, {
    get(target, name) {
      if (name === 'add') return add
      if (name === 'useKeys') return async () => ({ known: true })
      if (name === 'takeBack') return takeBack
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

/** The message of a webhook, and that of each earlier form. */
const formsOf = (row: NewDelivery): NewDelivery[] => [
  row,
  ...(row.webhook?.older === undefined ? [] : formsOf(row.webhook.older)),
]

function recordedDelivery(row: NewDelivery, masterSecret: string): RecordedDelivery {
  const { id, operation, callback, method, url, destination, recipient, idempotencyKey, orderingKey } = row
  const owner = row.webhook && { owner: row.webhook.owner }
  const message = readMessage(row.content)
  const bytes = openBody(message, [masterSecret])
  const body = bytes && bodyValue(bytes, message.contentType)
  return { id, operation, callback, method, url, destination, recipient, ...owner, body, idempotencyKey, orderingKey }
}

function bodyValue(bytes: Uint8Array, contentType = ''): unknown {
  if (isJsonType(contentType)) return decodeJson(bytes)
  return contentType.startsWith('text/') ? Buffer.from(bytes).toString() : new Uint8Array(bytes)
}
