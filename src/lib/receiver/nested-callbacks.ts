import { AsyncLocalStorage } from 'node:async_hooks'
import { bindCallbacks, type RequestCallbacks } from '../callback/bind-callbacks.ts'
import type { CallbackRuntime } from '../callback/callback-runtime.ts'
import { LateCallback } from '../callback/late-callback.ts'
import { RequestDeliveries } from '../callback/request-deliveries.ts'
import type { Clock } from '../clock.ts'
import type { DeliveryEngine } from '../delivery/delivery-engine.ts'
import type { Exchange } from '../expression/exchange.ts'
import { parseQuery } from '../http/parse-query.ts'
import type { Log } from '../log/log.ts'
import type { ValidationError } from '../schema/validation-error.ts'
import { percentDecode } from '../url/percent-decode.ts'
import type { CompiledReceiver } from './compiled-receiver.ts'
import type { StoredResponse } from './dedupe/dedupe.ts'
import type { ReadParts, VerifiedRequest } from './read-received.ts'

/** The callbacks of one message, which its receiver sends. */
export interface BoundNested {
  readonly callbacks: RequestCallbacks
  /** Stores what was sent, now that the response is known. */
  store(response: StoredResponse): Promise<void>
}

/** Binds them to a message; a URL that cannot be used is added to `errors`. */
export type BindNested = (verified: VerifiedRequest, read: ReadParts, errors: ValidationError[]) => BoundNested

const NONE: BoundNested = { callbacks: {}, store: async () => {} }

/** Makes the binding of the callbacks that a definition itself declares. */
export function nestedBinding({ callbacks, name }: CompiledReceiver, runtime: CallbackRuntime): BindNested {
  if (callbacks.length === 0) return () => NONE
  const headerNames = callbacks.flatMap(callback => callback.headerNames)
  return (verified, read, errors) => {
    const deliverer = new RequestDeliveries(runtime)
    const exchange = exchangeOf(verified, read, headerNames)
    const request = { operationId: name, exchange, recipient: undefined, deliverer, runtime }
    const bound = bindCallbacks(callbacks, request, errors)
    return {
      callbacks: bound,
      async store({ status, headers, body }) {
        const response = { status, headers, body: body === undefined ? undefined : (JSON.parse(body) as unknown) }
        for (const callback of Object.values(bound))
          if (callback instanceof LateCallback) await callback.resolve(response)
        await deliverer.commit(false)
      },
    }
  }
}

function exchangeOf({ request, url, path }: VerifiedRequest, { raw }: ReadParts, names: readonly string[]): Exchange {
  const params = Object.fromEntries(Object.entries(path).map(([name, text]) => [name, percentDecode(text)]))
  const headers = Object.fromEntries(names.map(name => [name, request.headers.get(name) ?? undefined]))
  const query = parseQuery(url.search.slice(1))
  return { url: url.href, method: request.method, request: { params, query, headers, body: raw } }
}

/** What they are sent with: the engine that the receiver was given, if it was given one. */
export function nestedRuntime(delivery: DeliveryEngine | undefined, clock: Clock, log: Log): CallbackRuntime {
  const engine = delivery ?? cannotSend
  return {
    engine,
    clock,
    log,
    transaction: undefined,
    current: new AsyncLocalStorage(),
    operations: { attached: () => [], hasCallbackId: () => false, byId: () => undefined },
    webhooks: { byName: () => undefined },
    judgeBase: base => delivery?.judgeUrl(base) ?? { allowed: true, url: new URL(base) },
    withoutRecipient() {},
    onSkipped: skipped => log.debug('A callback has no URL for this message', { ...skipped }),
  }
}

const refuse = (): never => {
  throw new TypeError(
    'This receiver cannot send callbacks: give "receive" what createDelivery({…}) of "ringback/delivery" returned, as "delivery"',
  )
}

/** Stands for an engine where none was given: the URLs of the callbacks are known all the same. */
const cannotSend = new Proxy({}, { get: () => refuse }) as DeliveryEngine
