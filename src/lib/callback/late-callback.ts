import { NotInTransactionError } from '../delivery/not-in-transaction-error.ts'
import { type EvaluatedUrl, evaluateUrlTemplate } from '../expression/evaluate-url-template.ts'
import type { Exchange } from '../expression/exchange.ts'
import type { CompiledCallback } from '../operation/compiled/compiled-callback.ts'
import { ResponseInvalidError } from '../operation/response-invalid-error.ts'
import type { AnySendOptions, BoundRequest, CallbackTarget, Sent } from './bound-request.ts'
import { callbackRequest } from './callback-request.ts'
import { CallbackTooLateError } from './callback-too-late-error.ts'
import { checkSendOptions } from './check-send-options.ts'

interface LateSend extends Sent {
  readonly id: string
}

/** A callback whose URL reads the response: its sends wait here until the handler has returned. */
export class LateCallback {
  readonly #callback: CompiledCallback
  readonly #request: BoundRequest
  #waiting: LateSend[] | undefined = []

  constructor(callback: CompiledCallback, request: BoundRequest) {
    this.#callback = callback
    this.#request = request
  }

  readonly send = async (body?: unknown, options: AnySendOptions = {}): Promise<{ readonly id: string }> => {
    if (this.#waiting === undefined) throw new CallbackTooLateError(this.#callback.name)
    checkSendOptions(this.#callback.name, options)
    if (options.transaction !== undefined)
      throw new NotInTransactionError(
        `the callback "${this.#callback.name}" reads the response, so it is stored only after the handler has returned`,
      )
    const id = this.#request.runtime.engine.newId()
    this.#waiting.push({ id, body, options })
    return { id }
  }

  /**
   * Makes the deliveries, now that the response is known. Throws `ResponseInvalidError` where that gives no URL: `send`
   * cannot keep its promise, so the request fails. A destination that the guard refuses is blocked and logged.
   */
  async resolve(response: NonNullable<Exchange['response']>): Promise<void> {
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    if (waiting.length === 0) return
    const target = this.#targetWith(response)
    for (const { id, ...sent } of waiting) {
      const make = async () => ({ ...(await callbackRequest(this.#callback, target, sent)), id })
      await this.#request.deliverer.send(make)
    }
  }

  #targetWith(response: NonNullable<Exchange['response']>): CallbackTarget {
    const { operationId, runtime, exchange } = this.#request
    const { url, method, request } = exchange
    const read: Exchange = { url, method, request, response }
    const target = evaluateUrlTemplate(this.#callback.template, read, placeholders(this.#callback))
    if (!('url' in target)) throw new ResponseInvalidError(operationId, this.#reason(target))
    const verdict = runtime.judgeBase(target.base)
    if (!verdict.allowed)
      runtime.log.warn(`The callback "${this.#callback.name}" will be blocked: ${verdict.text}`, {
        operation: operationId,
      })
    return { url: target.url, base: target.base, exchange: read, request: this.#request }
  }

  #reason(target: Exclude<EvaluatedUrl, { readonly url: string }>): string {
    const sent = `the callback "${this.#callback.name}" was sent, and its URL`
    if ('missing' in target) return `${sent} reads ${target.missing}, which this response does not have`
    return `${sent} cannot be made with ${target.expression ?? 'this response'}: ${target.invalid}`
  }

  /** Discards what was sent and takes no more: the handler threw. */
  discard(): void {
    this.#waiting = undefined
  }
}

/** The values of the plain names come with each send, and none of them changes the base. */
const placeholders = ({ names }: CompiledCallback) => Object.fromEntries(names.map(name => [name, name]))
