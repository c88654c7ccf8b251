import type { NewStoredEndpoint } from '../../src/lib/delivery/endpoints/endpoint-store.ts'
import type { NewDelivery, WebhookTargets } from '../../src/lib/delivery/stored-delivery.ts'
import { newDelivery, startMs } from '../../src/lib/store/conformance/rows.ts'

/** The rows that tests of stores give them where no engine makes them. */

/** An endpoint of the owner "a" at a host of its own, which listens to everything. */
export function newEndpoint(id: string, given: Partial<NewStoredEndpoint> = {}): NewStoredEndpoint {
  const origin = `https://${id}.example`
  return {
    ...{ id, tag: id.padStart(16, '0'), owner: 'a', url: `${origin}/hooks`, origin, events: ['*'], channels: [] },
    ...{ details: '{}', sealed: new Uint8Array([1]), ratePerSecond: undefined, disabledReason: undefined },
    ...{ createdAt: startMs, createKey: undefined, createDigest: undefined },
    ...given,
  }
}

/** A message to everyone who listens to everything. */
export function newMessage(
  id: string,
  targets: Partial<WebhookTargets> = {},
  given: Partial<NewDelivery> = {},
): NewDelivery {
  const webhook = { owner: '', channels: [], timestamp: startMs, newer: [], chain: [], starFrom: 0, ...targets }
  return newDelivery(id, {
    ...{ callback: 'invoice.paid', url: '', destination: '', origin: 'null', destinationHash: '' },
    ...{ recipient: webhook.owner || undefined, webhook: { starUntil: Number.MAX_SAFE_INTEGER, ...webhook } },
    ...given,
  })
}
