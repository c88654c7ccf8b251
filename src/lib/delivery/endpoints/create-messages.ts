import type { Clock } from '../../clock.ts'
import type { DeliveryStore } from '../delivery-store.ts'
import { openBody } from '../keys/open-message.ts'
import { readMessage } from '../message.ts'
import type { SharedParts } from '../shared-parts.ts'
import type { StoredMessage } from './endpoint-store.ts'
import type { WebhookMessage, WebhookMessages } from './messages.ts'
import { ownerText } from './owner.ts'
import { pageSize } from './page-size.ts'

/** How many deliveries are cancelled in one commit. */
const cancelledAtOnce = 500

export function createMessages({
  store,
  clock,
  masterSecrets,
}: Pick<SharedParts, 'store' | 'clock' | 'masterSecrets'>): WebhookMessages {
  return {
    async list({ owner, event, events, since, until, cursor, limit }) {
      const times = { since: since?.getTime(), until: until?.getTime() }
      const wanted = event === undefined ? events : [event]
      const query = { owner: ownerText(owner), events: wanted, ...times, cursor, limit: pageSize(limit) }
      const { items, nextCursor = null } = await store.listMessages(query)
      return { items: items.map(messageOf), nextCursor }
    },
    async get(id, { owner }) {
      const found = await store.findMessage({ id, owner: ownerText(owner) })
      if (found === undefined) return undefined
      const message = found.content && readMessage(found.content)
      return { ...messageOf(found), body: (message && openBody(message, masterSecrets)) ?? null }
    },
    async cancel(id, { owner }) {
      const text = ownerText(owner)
      let cancelled = 0
      for (;;) {
        const some = await store.cancelMessage({ id, owner: text, limit: cancelledAtOnce, now: clock.now() })
        cancelled += some ?? 0
        if (some === undefined || some < cancelledAtOnce) return { cancelled }
      }
    },
  }
}

function messageOf({
  id,
  event,
  owner,
  channels,
  timestamp,
  createdAt,
  expanded,
  deliveries,
}: StoredMessage): WebhookMessage {
  return {
    ...{ id, event, owner: owner === '' ? null : owner, channels, expanded, deliveries },
    timestamp: new Date(timestamp),
    createdAt: new Date(createdAt),
  }
}
