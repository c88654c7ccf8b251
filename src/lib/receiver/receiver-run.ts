import type { Clock } from '../clock.ts'
import { readBody } from '../http/body/read-body.ts'
import { HttpError } from '../http/http-error.ts'
import type { Log } from '../log/log.ts'
import type { VerifiedMessage } from '../signature/verify.ts'
import type { StoredResponse } from './dedupe/dedupe.ts'
import { HandledOnce, type HandleMessage } from './dedupe/handled-once.ts'
import type { RemoteKeys } from './keys/remote-keys.ts'
import type { MatchPath } from './match-path.ts'
import type { VerifiedRequest } from './read-received.ts'
import type { ReceiveOptions } from './receive-options.ts'
import { responseOfError, responseOfStored } from './receiver-responses.ts'
import { refusedMessage, type VerifyMessage, verification } from './verify-message.ts'

/** What a receiver works with. */
export interface ReceiverParts {
  readonly options: ReceiveOptions
  readonly clock: Clock
  readonly log: Log
  readonly remote: RemoteKeys | undefined
}

/** What a receiver takes. */
export interface MessageTaker {
  /** What it is called in the log. */
  readonly name: string
  /** In capitals. */
  readonly method: string
  readonly matchPath: MatchPath
  /** Gives what handles a verified message, or the response where nothing does. Throws an `HttpError` to refuse it. */
  take(verified: VerifiedRequest, message: VerifiedMessage): Promise<HandleMessage | StoredResponse>
}

const usualLimitBytes = 1_048_576

/** One receiver, and what it does with a request. */
export class ReceiverRun {
  readonly #taker: MessageTaker
  readonly #log: Log
  readonly #limitBytes: number
  readonly #verify: VerifyMessage
  readonly #once: HandledOnce

  constructor(taker: MessageTaker, { options, clock, log, remote }: ReceiverParts) {
    this.#taker = taker
    this.#log = log
    this.#limitBytes = options.bodyLimitBytes ?? usualLimitBytes
    this.#verify = verification(options, clock, remote)
    this.#once = new HandledOnce(taker.name, options, log)
  }

  /** The response to a request. Never rejects. */
  async respond(request: Request): Promise<Response> {
    try {
      return responseOfStored(await this.#receive(request))
    } catch (error) {
      if (!(error instanceof HttpError))
        this.#log.error('A message could not be handled; the sender repeats it', {
          error,
          receiver: this.#taker.name,
        })
      return responseOfError(error)
    }
  }

  async #receive(request: Request): Promise<StoredResponse> {
    const url = new URL(request.url)
    const path = this.#pathOf(request, url)
    const bytes = await readBody(request, this.#limitBytes)
    const message = await this.#verified(request, bytes)
    const taken = await this.#taker.take({ request, url, bytes, path }, message)
    return typeof taken === 'function' ? this.#once.handle(message.id, taken) : taken
  }

  #pathOf(request: Request, url: URL): VerifiedRequest['path'] {
    const { method, matchPath } = this.#taker
    const path = matchPath(url.pathname)
    if (path === undefined) throw new HttpError(404, 'Nothing is received at this path')
    if (request.method !== method)
      throw new HttpError(405, `Only ${method} is received here`, { headers: { allow: method } })
    return path
  }

  async #verified(request: Request, bytes: Uint8Array): Promise<VerifiedMessage> {
    try {
      return await this.#verify(request, bytes)
    } catch (error) {
      const refused = refusedMessage(error)
      if (refused.cause !== undefined)
        this.#log.warn('A message was refused by "verify"', { error, receiver: this.#taker.name })
      throw refused
    }
  }
}
