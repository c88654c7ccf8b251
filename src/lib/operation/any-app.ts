import type { Deliveries } from '../delivery/deliveries.ts'
import type { DeliveryEvents, DeliveryListener } from '../delivery/delivery-events.ts'
import type { Bound } from './bound-callback.ts'
import type { AnyCallback } from './check-callbacks.ts'

/** The application as handlers, dependencies and lifespan see it, in whichever file they stand. */
export interface AnyApp {
  fetch(request: Request, env?: unknown, context?: unknown): Promise<Response>
  /** What was stored, with all attempts. */
  readonly deliveries: Deliveries
  /**
   * Restores a callback from the data that its `toJSON` gave, even days later in another process. What it sends in a
   * handler or a dependency joins the deliveries of that request; anywhere else it is stored at once. Throws
   * `CallbackDataError`.
   */
  restore<C extends AnyCallback>(definition: C, data: unknown): Bound<C>
  /** The newest secret of a recipient, whose `v1` signatures it verifies. */
  secretFor(recipient: string): Promise<string>
  /** Gives a recipient another secret; the one before signs as well for `overlapSeconds` (default 86,400). */
  rotateSecret(recipient: string, options?: { readonly overlapSeconds?: number }): Promise<string>
  /** Registers a listener of delivery events, and gives back what removes it. */
  on<Name extends keyof DeliveryEvents>(name: Name, listener: DeliveryListener<Name>): () => void
}
