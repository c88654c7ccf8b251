import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { createDelivery } from '../../src/lib/delivery/create-delivery.ts'
import type { DeliveryEngine } from '../../src/lib/delivery/delivery-engine.ts'
import type { DeliveryOptions } from '../../src/lib/delivery/delivery-options.ts'
import type { DeliveryRequest } from '../../src/lib/delivery/delivery-request.ts'
import type { DeliveryStore } from '../../src/lib/delivery/delivery-store.ts'
import { ManualClock } from '../../src/lib/manual-clock.ts'
import { memoryStore } from '../../src/lib/store/memory-store.ts'
import { sqliteStore } from '../../src/lib/store/sqlite/sqlite-store.ts'
import { Receiver } from './receiver.ts'
import { RecordingLog } from './recording-log.ts'

/** Each kind of store, in a folder that is removed after the test where it needs one. */
export const stores: readonly (readonly [name: string, make: (t: TestContext) => DeliveryStore])[] = [
  ['memory', () => memoryStore()],
  ['file', t => sqliteStore({ path: join(temporaryFolder(t), 'deliveries.sqlite') })],
]

/** A folder that is removed after the test. */
function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

/** An engine on a clock that the test moves, and a receiver on a real socket that responds with these statuses; the last repeats. */
export async function engineOnSockets(
  t: TestContext,
  statuses: readonly number[],
  options: Partial<DeliveryOptions> = {},
) {
  const clock = new ManualClock()
  const log = new RecordingLog()
  const receiver = new Receiver((response, count) => {
    response.statusCode = statuses[Math.min(count, statuses.length) - 1] ?? 200
    response.end('{"ok":true}')
  })
  await receiver.start()
  const engine = engineFor({ clock, log, ...options })
  t.after(async () => {
    await engine.close({ graceMs: 0 })
    await receiver.stop()
  })
  const request = (given: Partial<DeliveryRequest> = {}): DeliveryRequest => {
    const url = `${receiver.url}/hooks`
    const names = { operation: 'createInvoice', callback: 'paid', method: 'POST' }
    return { ...names, url, destination: url, body: Buffer.from('{"paid":true}'), ...given }
  }
  return { clock, log, receiver, engine, request }
}

/** An engine that may send to this machine. */
export function engineFor(options: Partial<DeliveryOptions>): DeliveryEngine {
  return createDelivery({
    store: memoryStore(),
    signing: { masterSecret: 'm'.repeat(32) },
    destinations: { allow: ['127.0.0.1'] },
    random: () => 0,
    ...options,
  })
}
