import { evaluateUrlTemplate } from '../expression/evaluate-url-template.ts'
import type { Exchange } from '../expression/exchange.ts'
import type { CompiledCallback } from '../operation/compiled-callback.ts'
import { type AnySendOptions, callbackRequest } from './callback-request.ts'
import type { CallbackRuntime } from './callback-runtime.ts'
import { CallbackTooLateError } from './callback-too-late-error.ts'
import type { Deliverer } from './request-callback.ts'

interface LateSend {
  readonly id: string
  readonly body: unknown
  readonly options: AnySendOptions
}

/** A callback whose URL reads the response: what is sent waits here until the handler has returned. */
export class LateCallback {
  readonly #callback: CompiledCallback
  readonly #recipient: string | undefined
  readonly #runtime: CallbackRuntime
  #waiting: LateSend[] | undefined = []

  constructor(callback: CompiledCallback, recipient: string | undefined, runtime: CallbackRuntime) {
    this.#callback = callback
    this.#recipient = recipient
    this.#runtime = runtime
  }

  readonly send = async (body?: unknown, options: AnySendOptions = {}): Promise<{ readonly id: string }> => {
    if (this.#waiting === undefined) throw new CallbackTooLateError(this.#callback.name)
    const id = this.#runtime.engine.newId()
    this.#waiting.push({ id, body, options })
    return { id }
  }

  /** Makes the deliveries, now that the response is known. A URL that cannot be is logged: the answer stands. */
  async resolve(operationId: string, exchange: Exchange, deliverer: Deliverer): Promise<void> {
    const runtime = this.#runtime
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
    const { url, base } = target
    const addressed = { url, base, recipient: this.#recipient }
    for (const { id, body, options } of waiting) {
      if ((options.recipient ?? this.#recipient) === undefined) runtime.withoutRecipient(operationId)
      const make = async () => ({
        ...(await callbackRequest(this.#callback, operationId, addressed, body, options, runtime.clock)),
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
