import type { DeliveryRequest } from '../delivery/delivery-request.ts'
import { evaluateExpression } from '../expression/evaluate-expression.ts'
import { expressionText } from '../expression/serialize.ts'
import { isExpression } from '../expression/url-template.ts'
import type { CallbackData } from '../operation/bound-callback.ts'
import type { CompiledCallback } from '../operation/compiled/compiled-callback.ts'
import type { AnySendOptions, CallbackTarget } from './bound-request.ts'
import { type CalledResponse, callNow } from './call-now.ts'
import { callbackRequest } from './callback-request.ts'
import type { SentDelivery } from './deliverer.ts'

/** A callback bound to one exchange, as `BoundCallback` describes it. Its methods work without their object. */
export class RequestCallback {
  /** Undefined where each send has its own. */
  readonly url: string | undefined
  readonly #callback: CompiledCallback
  readonly #target: CallbackTarget

  constructor(callback: CompiledCallback, target: CallbackTarget) {
    this.url = callback.names.length === 0 ? target.url : undefined
    this.#callback = callback
    this.#target = target
  }

  readonly send = (body?: unknown, options: AnySendOptions = {}): Promise<SentDelivery> =>
    this.#target.request.deliverer.send(() => this.#request(body, options), options.transaction)

  readonly call = async (body?: unknown, options: AnySendOptions = {}): Promise<CalledResponse> =>
    callNow(this.#callback, await this.#request(body, options), this.#target.request.runtime.engine)

  toJSON(): CallbackData {
    const { template, url, name, options } = this.#callback
    const { operationId, exchange, recipient } = this.#target.request
    const expressions = template.parts.filter(isExpression)
    const values = expressions.map(part => [expressionText(part), evaluateExpression(part, exchange)])
    return {
      ...{ operation: operationId, callback: name },
      ...(options.id !== undefined && { id: options.id }),
      ...{ template: url, values: Object.fromEntries(values) },
      ...(recipient !== undefined && { recipient }),
    }
  }

  #request(body: unknown, options: AnySendOptions): DeliveryRequest | Promise<DeliveryRequest> {
    return callbackRequest(this.#callback, this.#target, { body, options })
  }
}
