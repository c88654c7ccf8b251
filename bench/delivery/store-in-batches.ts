import type { createDelivery, DeliveryRequest } from 'ringback/delivery'
import { deliveryBody } from './sender-program.ts'

const storedTogether = 1_000

const requestTo = (destination: string): DeliveryRequest => ({
  operation: 'createInvoice',
  callback: 'invoiceNotification',
  method: 'POST',
  url: `${destination}/invoices/2expen51ve`,
  destination,
  body: Buffer.from(deliveryBody),
  responses: {
    200: { schema: { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] } },
  },
})

/** Stores so many deliveries, to the destinations in turn. */
export async function storeInBatches(
  delivery: ReturnType<typeof createDelivery>,
  deliveries: number,
  destinations: readonly string[],
): Promise<void> {
  const requests = destinations.map(requestTo)
  for (let stored = 0; stored < deliveries; stored += storedTogether) {
    const count = Math.min(storedTogether, deliveries - stored)
    await delivery.store(
      Array.from({ length: count }, (_, index) => delivery.prepare(requests[(stored + index) % requests.length]!)),
    )
  }
}
