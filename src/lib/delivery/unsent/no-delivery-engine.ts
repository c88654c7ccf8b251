import { createDestinationPolicy } from '../../destination/policy.ts'
import type { DeliveryEngine } from '../delivery-engine.ts'
import { createEmitter } from '../delivery-events.ts'
import type { DeliveryOptions } from '../delivery-options.ts'
import { NoDeliveryError } from './no-delivery-error.ts'

type Options = Required<Pick<DeliveryOptions, 'log' | 'ownOrigins'>> & Pick<DeliveryOptions, 'destinations'>

/**
 * The engine of a runtime that cannot send: it judges URLs as any other does, and refuses all that would be stored or sent.
 * The log says so once.
 */
export function noDeliveryEngine(runtime: string, { log, destinations, ownOrigins }: Options): DeliveryEngine {
  const policy = createDestinationPolicy({ ...destinations, ownOrigins })
  const refuse = async (): Promise<never> => {
    throw new NoDeliveryError(runtime)
  }
  log.warn(`Callbacks are not sent from ${runtime}: "send" and "call" reject with ${NoDeliveryError.code}`)
  return Object.freeze<DeliveryEngine>({
    prepare() {
      throw new NoDeliveryError(runtime)
    },
    find: refuse,
    store: async prepared => (prepared.length === 0 ? [] : refuse()),
    hold: refuse,
    send: refuse,
    call: refuse,
    newId() {
      throw new NoDeliveryError(runtime)
    },
    judgeUrl: url => policy.judgeUrl(url),
    isOwnLoop: () => false,
    publicKeys: [],
    secretFor: refuse,
    rotateSecret: refuse,
    deliveries: refusing(refuse),
    destinations: refusing(refuse),
    endpoints: refusing(refuse),
    messages: refusing(refuse),
    on: createEmitter(log).on,
    async start() {},
    workerLateMs: 0,
    stopClaiming() {},
    async close() {},
    async deliverDue() {},
  })
}

/** Whatever is called of it is refused. */
function refusing<T extends object>(refuse: () => Promise<never>): T {
  const get = (_: object, name: PropertyKey): unknown => (name === 'replays' ? refusing(refuse) : refuse)
  return new Proxy({}, { get }) as T
}
