import type { DeliveryEngine } from '../delivery/create-delivery.ts'
import { evaluateUrlTemplate } from '../expression/evaluate-url-template.ts'
import type { Exchange } from '../expression/exchange.ts'
import type { CompiledCallback } from '../operation/compiled-callback.ts'
import { type AnySendOptions, callbackRequest } from './callback-request.ts'
import type { CallbackRuntime } from './callback-runtime.ts'
import { CallbackTooLateError } from './callback-too-late-error.ts'
import { checkSendOptions } from './check-send-options.ts'
import type { Deliverer } from './request-callback.ts'

interface LateSend {
  readonly id: string
  readonly body: unknown
  readonly options: AnySendOptions
}

/** A callback whose URL reads the response: what is sent waits here until the handler has returned. */
export class LateCallback {
  readonly #callback: CompiledCallback
  readonly #engine: DeliveryEngine
  #waiting: LateSend[] | undefined = []

  constructor(callback: CompiledCallback, engine: DeliveryEngine) {
    this.#callback = callback
    this.#engine = engine
  }

  readonly send = async (body?: unknown, options: AnySendOptions = {}): Promise<{ readonly id: string }> => {
    if (this.#waiting === undefined) throw new CallbackTooLateError(this.#callback.name)
    checkSendOptions(this.#callback.name, options)
    const id = this.#engine.newId()
    this.#waiting.push({ id, body, options })
    return { id }
  }

  /** Makes the deliveries, now that the response is known. A URL that cannot be is logged: the answer stands. */
  async resolve(
    operationId: string,
    exchange: Exchange,
    deliverer: Deliverer,
    runtime: CallbackRuntime,
  ): Promise<void> {
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    if (waiting.length === 0) return
    const target = evaluateUrlTemplate(this.#callback.template, exchange)
    if (!('url' in target)) {
      const reason = 'missing' in target ? `${target.missing} has no value` : target.invalid
      runtime.log.error(`The callback "${this.#callback.name}" has no URL: ${reason}`, { operation: operationId })
      return
    }
    const verdict = runtime.judgeBase(target.base)
    if (!verdict.allowed)
      runtime.log.warn(`The callback "${this.#callback.name}" will be blocked: ${verdict.text}`, {
        operation: operationId,
      })
    for (const { id, body, options } of waiting) {
      const make = async () => ({
        ...(await callbackRequest(this.#callback, operationId, target, body, options, runtime.clock)),
        id,
      })
      await deliverer.send(make)
    }
  }

  /** Forgets what was sent, and takes no more: the handler threw. */
  discard(): void {
    this.#waiting = undefined
  }
}
