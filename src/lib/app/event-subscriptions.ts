import type { DeliveryEvents, DeliveryListener } from '../delivery/delivery-events.ts'

/** What tells of events: an engine. */
interface Teller {
  on<Name extends keyof DeliveryEvents>(name: Name, listener: DeliveryListener<Name>): () => void
}

/** A listener of events, which stays when another engine takes the place of the first. */
interface Subscription {
  readonly attach: (engine: Teller) => () => void
  detach: () => void
}

/** The listeners of an application, whichever engine tells of its deliveries. */
export class EventSubscriptions {
  readonly #all = new Set<Subscription>()

  /** Registers a listener, also with the engine that is in use, and gives back what removes it. */
  on<Name extends keyof DeliveryEvents>(
    name: Name,
    listener: DeliveryListener<Name>,
    engine: Teller | undefined,
  ): () => void {
    const subscription: Subscription = { attach: engine => engine.on(name, listener), detach: () => {} }
    this.#all.add(subscription)
    if (engine !== undefined) subscription.detach = subscription.attach(engine)
    return () => {
      this.#all.delete(subscription)
      subscription.detach()
    }
  }

  /** From now on this engine tells. */
  attachTo(engine: Teller): void {
    for (const subscription of this.#all) subscription.detach = subscription.attach(engine)
  }
}
