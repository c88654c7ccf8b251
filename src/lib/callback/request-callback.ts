import type { DeliveryRequest } from '../delivery/delivery-request.ts'
import { evaluateExpression } from '../expression/evaluate-expression.ts'
import type { Exchange } from '../expression/exchange.ts'
import { expressionText } from '../expression/serialize.ts'
import type { CallbackData } from '../operation/bound-callback.ts'
import type { CompiledCallback } from '../operation/compiled/compiled-callback.ts'
import { type CalledResponse, callNow } from './call-now.ts'
import { type AnySendOptions, type CallbackTarget, callbackRequest } from './callback-request.ts'
import type { CallbackRuntime } from './callback-runtime.ts'
import type { SentDelivery } from './request-deliveries.ts'

/** Where the deliveries of a callback go: recorded with a request's others, or stored at once. */
export interface Deliverer {
  send(make: () => DeliveryRequest | Promise<DeliveryRequest>, transaction?: unknown): Promise<SentDelivery>
}

/** A callback bound to one exchange: what `BoundCallback` describes. Its methods may be taken off it. */
export class RequestCallback {
  readonly url: string
  readonly #callback: CompiledCallback
  readonly #operationId: string
  readonly #target: CallbackTarget
  readonly #exchange: Exchange
  readonly #deliverer: Deliverer
  readonly #runtime: CallbackRuntime

  constructor(
    callback: CompiledCallback,
    operationId: string,
    target: CallbackTarget,
    exchange: Exchange,
    deliverer: Deliverer,
    runtime: CallbackRuntime,
  ) {
    this.url = target.url
    this.#callback = callback
    this.#operationId = operationId
    this.#target = target
    this.#exchange = exchange
    this.#deliverer = deliverer
    this.#runtime = runtime
  }

  readonly send = (body?: unknown, options: AnySendOptions = {}): Promise<SentDelivery> =>
    this.#deliverer.send(() => this.#request(body, options), options.transaction)

  readonly call = async (body?: unknown, options: AnySendOptions = {}): Promise<CalledResponse> =>
    callNow(this.#callback, await this.#request(body, options), this.#runtime.engine)

  toJSON(): CallbackData {
    const { template, url, name, options } = this.#callback
    const expressions = template.parts.filter(part => part.kind !== 'literal')
    const values = expressions.map(part => [expressionText(part), evaluateExpression(part, this.#exchange)])
    const { recipient } = this.#target
    return {
      ...{ operation: this.#operationId, callback: name },
      ...(options.id !== undefined && { id: options.id }),
      ...{ template: url, values: Object.fromEntries(values) },
      ...(recipient !== undefined && { recipient }),
    }
  }

  #request(body: unknown, options: AnySendOptions): DeliveryRequest | Promise<DeliveryRequest> {
    if ((options.recipient ?? this.#target.recipient) === undefined) this.#runtime.withoutRecipient(this.#operationId)
    return callbackRequest(this.#callback, this.#operationId, this.#target, body, options, this.#runtime.clock)
  }
}
