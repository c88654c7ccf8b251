import type { ClaimRequest, DeliveryStore } from '../../delivery/delivery-store.ts'
import type { AttemptResult, ClaimedDelivery, NewDelivery } from '../../delivery/stored-delivery.ts'

/** The rows and requests that the conformance suite is made of. */

/** The time at which every test begins. */
export const startMs = Date.UTC(2026, 0, 1)

/** A delivery to `https://<host>/`, with the given members. */
export function newDelivery(id: string, given: Partial<NewDelivery> & { readonly host?: string } = {}): NewDelivery {
  const { host = 'a.example', ...rest } = given
  return {
    id,
    operation: 'createInvoice',
    callback: 'invoiceNotification',
    method: 'POST',
    url: `https://${host}/events/${id}`,
    destination: `https://${host}/events`,
    origin: `https://${host}`,
    recipient: undefined,
    destinationHash: 'HI9jg8m1QEXokm12',
    timeoutMs: 15_000,
    content: new TextEncoder().encode(`{"id":"${id}"}`),
    isSealed: false,
    idempotencyKey: undefined,
    digest: undefined,
    orderingKey: undefined,
    dueAt: undefined,
    delayMs: undefined,
    expiresAt: undefined,
    ...rest,
  }
}

export function claimRequest(now: number, given: Partial<ClaimRequest> = {}): ClaimRequest {
  const usual = { limit: 64, limitBytes: 67_108_864, perOrigin: 8, running: new Map(), leaseMarginMs: 10_000 }
  const lanes = { strangers: 32, new: 24, newOfAnyGroup: 18, first: 8 }
  return { ...usual, lanes, now, ...given }
}

/** Claims, and returns the ids. */
export async function claimIds(
  store: DeliveryStore,
  now: number,
  given: Partial<ClaimRequest> = {},
): Promise<readonly string[]> {
  return (await store.claim(claimRequest(now, given))).claimed.map(({ id }) => id)
}

/** Claims what must be exactly one delivery. */
export async function claimOne(store: DeliveryStore, now: number): Promise<ClaimedDelivery> {
  const { claimed } = await store.claim(claimRequest(now, { limit: 1 }))
  const [delivery] = claimed
  if (delivery === undefined) throw new Error('Expected something to be due')
  return delivery
}

const response = {
  status: 200,
  headers: '{}',
  body: new TextEncoder().encode('{"ok":true}'),
  bodyTruncated: false,
  address: '192.0.2.1',
}

/** An attempt that succeeded. */
export function accepted({ id, token }: { readonly id: string; readonly token: number }): AttemptResult {
  return {
    id,
    token,
    outcome: 'accepted',
    response,
    error: undefined,
    next: { state: 'delivered', responseValid: true, responseLeaseMs: undefined },
    destinationSignal: { kind: 'success' },
    originSignal: { kind: 'success' },
  }
}

/** Lets origins respond once. After that they are no longer strangers, which get one attempt at a time. */
export async function makeKnown(store: DeliveryStore, now: number, hosts: readonly string[] = ['a.example']) {
  for (const host of hosts) await store.add({ rows: [newDelivery(`known-${host}`, { host })], now })
  for (const _ of hosts) await store.endAttempts({ attempts: [accepted(await claimOne(store, now))], now })
}

/** An attempt that got a 500, to be made again after `delayMs`. */
export function rejected(lease: { readonly id: string; readonly token: number }, delayMs: number): AttemptResult {
  return {
    ...accepted(lease),
    outcome: 'rejected',
    response: { ...response, status: 500 },
    next: { state: 'scheduled', delayMs, usesRetry: true },
    destinationSignal: { kind: 'failure' },
  }
}

/** An attempt that could not connect, to be made again after `delayMs`. */
export function unreachable(lease: { readonly id: string; readonly token: number }, delayMs: number): AttemptResult {
  return {
    ...rejected(lease, delayMs),
    outcome: 'unreachable',
    response: undefined,
    error: 'The connection was refused',
    originSignal: { kind: 'failure' },
  }
}

/** An attempt that ended the delivery for good. */
export function failed(lease: { readonly id: string; readonly token: number }): AttemptResult {
  return { ...rejected(lease, 0), next: { state: 'failed' } }
}
