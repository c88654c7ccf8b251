import type { DatabaseSync } from 'node:sqlite'
import type { DeliveryStore, NewDelivery } from 'ringback/delivery'
import { showProgress } from '../report/progress.ts'

/** A store on a connection of our own. */
export interface SeededStore {
  readonly store: DeliveryStore
  readonly database: DatabaseSync
  readonly now: number
}

const storedTogether = 1_000
const content = Buffer.from(JSON.stringify({ description: 'Payment celebration', note: 'x'.repeat(80) }))

/** Stores deliveries for destinations in turn, of which nothing is known to speak against; every second one has been settled. */
export async function seedStore(
  { store, database, now }: SeededStore,
  rows: number,
  destinations: number,
): Promise<void> {
  for (let from = 0; from < rows; from += storedTogether) {
    showProgress(`${from} of ${rows} stored`)
    const count = Math.min(storedTogether, rows - from)
    await store.add({ rows: Array.from({ length: count }, (_, at) => delivery(from + at, destinations, rows)), now })
  }
  // Sending half a million would take longer than all else.
  database.exec(`
    begin;
    insert into ringback_settled (delivery, state, settled_at, token, attempt_count)
      select number, iif(number % 20 = 0, 'failed', 'delivered'), ${now}, 1, 1 from ringback_queue where number % 2 = 0;
    delete from ringback_queue where number % 2 = 0;
    update ringback_count set deliveries = ${rows / 2} where state = 'scheduled';
    insert into ringback_count values ('delivered', ${(rows / 20) * 9}), ('failed', ${rows / 20});
    update ringback_origin set lane = 'known';
    commit`)
}

function delivery(number: number, destinations: number, rows: number): NewDelivery {
  const origin = `https://h${number % destinations}.example`
  return {
    id: `d${number}`,
    operation: 'createInvoice',
    callback: 'invoiceNotification',
    method: 'POST',
    url: `${origin}/events/${number}`,
    destination: `${origin}/events`,
    origin,
    // The oldest one alone has a recipient of its own.
    recipient: number === 0 ? `tenant ${rows - 1}` : undefined,
    destinationHash: 'HI9jg8m1QEXokm12',
    timeoutMs: 15_000,
    content,
    isSealed: false,
    idempotencyKey: number % 4 === 0 ? `order ${number}` : undefined,
    digest: number % 4 === 0 ? 'digest' : undefined,
    orderingKey: undefined,
    dueAt: undefined,
    delayMs: undefined,
    expiresAt: undefined,
  }
}
