import type { DeliveryEvents, DeliveryListener } from '../delivery/delivery-events.ts'

/** A source of events: an engine. */
interface Teller {
  on<Name extends keyof DeliveryEvents>(name: Name, listener: DeliveryListener<Name>): () => void
}

/** A listener of events, which stays when the engine is replaced. */
interface Subscription {
  readonly attach: (engine: Teller) => () => void
  detach: () => void
}

/** The listeners of an application, whichever engine is in use. */
export class EventSubscriptions {
  readonly #all = new Set<Subscription>()

  /** Registers a listener, on the engine in use as well, and gives a function that removes it. */
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

  /** From now on the events come from this engine. */
  attachTo(engine: Teller): void {
    for (const subscription of this.#all) subscription.detach = subscription.attach(engine)
  }
}
