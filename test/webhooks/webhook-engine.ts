import type { TestContext } from 'node:test'
import { createEngine } from '../../src/lib/delivery/create-delivery.ts'
import type { DeliveryEngine } from '../../src/lib/delivery/delivery-engine.ts'
import type { DeliveryOptions } from '../../src/lib/delivery/delivery-options.ts'
import type { DeliveryRequest, WebhookRequest } from '../../src/lib/delivery/delivery-request.ts'
import type { DeliveryStore } from '../../src/lib/delivery/delivery-store.ts'
import type { NewEndpoint } from '../../src/lib/delivery/endpoints/endpoint.ts'
import type { WebhookCatalogue } from '../../src/lib/delivery/endpoints/webhook-catalogue.ts'
import { ManualClock } from '../../src/lib/manual-clock.ts'
import { Receiver } from '../support/receiver.ts'
import { RecordingLog } from '../support/recording-log.ts'

/** Makes an empty store for a test; closed by the engine. */
export type MakeStore = (t: TestContext) => DeliveryStore | Promise<DeliveryStore>

/** The events of the tests. */
export const events = ['invoice.paid', 'invoice.sent', 'user.added'] as const

export const catalogue: WebhookCatalogue = {
  events: new Map([
    ...events.map(name => [name, { documented: true }] as const),
    ['endpoint.disabled', { documented: true }],
    ['endpoint.failing', { documented: true }],
    ['endpoint.recovered', { documented: true }],
  ]),
  example: event => (event === 'user.added' ? undefined : message(event, { owner: '' })),
  notice: (kind, { endpoint }) =>
    message(`endpoint.${kind}`, { owner: endpoint.owner, except: endpoint.id }, { id: endpoint.id }),
}

/** A message as a send makes it; without names of other forms, and with `*` counting for everyone. */
export function message(
  event: string,
  webhook: Partial<WebhookRequest> = {},
  data: unknown = { id: '7' },
): DeliveryRequest {
  const body = Buffer.from(JSON.stringify({ type: event, timestamp: '2026-01-01T00:00:00Z', data }))
  const targets = { owner: 'a', channels: [], timestamp: 0, newer: [], chain: [], starFrom: 0 }
  return {
    ...{ operation: '', callback: event, method: 'POST', url: '', destination: '', body },
    webhook: { ...targets, starUntil: Number.MAX_SAFE_INTEGER, ...webhook },
  }
}

/** An engine with webhooks on a clock that the test moves, and a receiver on a real socket. */
export async function webhookEngine(
  t: TestContext,
  makeStore: MakeStore,
  options: Partial<DeliveryOptions> & { readonly statuses?: readonly number[] } = {},
) {
  const { statuses = [200], ...others } = options
  const clock = new ManualClock()
  const log = new RecordingLog()
  const receiver = new Receiver((response, count) => {
    response.statusCode = statuses[Math.min(count, statuses.length) - 1] ?? 200
    response.end('{"ok":true}')
  })
  await receiver.start()
  const store = await makeStore(t)
  const engine = engineWith({ store, clock, log, ...others })
  t.after(async () => {
    await engine.close({ graceMs: 0 })
    await receiver.stop()
  })
  const register = (owner: string, given: Partial<NewEndpoint> = {}) =>
    engine.endpoints.create({ owner, url: `${receiver.url}/${owner}`, events: ['*'], ...given })
  const send = async (event: string, webhook: Partial<WebhookRequest> = {}, given: Partial<DeliveryRequest> = {}) =>
    (await engine.send({ ...message(event, webhook), ...given })).id
  const paths = () => receiver.received.map(({ url }) => url).sort()
  return { clock, log, receiver, store, engine, register, send, paths }
}

/** An engine with the events of the tests, which may send to this machine. */
export function engineWith(options: Partial<DeliveryOptions> & Pick<DeliveryOptions, 'store'>): DeliveryEngine {
  const usual = { signing: { masterSecret: 'm'.repeat(32) }, destinations: { allow: ['127.0.0.1'] }, random: () => 0 }
  return createEngine({ ...usual, ...options }, undefined, catalogue)
}
