import type { DeliveryRequest } from '../delivery/delivery-request.ts'

/** What `send` resolves to. */
export interface SentDelivery {
  readonly id: string
  readonly url: string
}

/** Where the deliveries of a callback go: recorded with the others of a request, or stored at once. */
export interface Deliverer {
  send(make: () => DeliveryRequest | Promise<DeliveryRequest>, transaction?: unknown): Promise<SentDelivery>
}
