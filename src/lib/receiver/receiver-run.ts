import { systemClock } from '../clock.ts'
import { readBody } from '../http/body/read-body.ts'
import { HttpError } from '../http/http-error.ts'
import { fittingLog } from '../log/fitting-log.ts'
import { consoleLog, type Log } from '../log/log.ts'
import type { ValidationError } from '../schema/validation-error.ts'
import type { VerifiedMessage } from '../signature/verify.ts'
import type { CompiledReceiver } from './compiled-receiver.ts'
import type { StoredResponse } from './dedupe/dedupe.ts'
import { HandledOnce, type HandleMessage } from './dedupe/handled-once.ts'
import { compileEncodeResult, type EncodeResult } from './encode-result.ts'
import { fetchKeys } from './keys/fetch-keys.ts'
import { RemoteKeys } from './keys/remote-keys.ts'
import { MessageHandling } from './message-handling.ts'
import { type BindNested, nestedBinding, nestedRuntime } from './nested-callbacks.ts'
import { type ReadParts, readReceived, type VerifiedRequest } from './read-received.ts'
import type { ReceiveOptions } from './receive-options.ts'
import { responseOfError, responseOfStored } from './receiver-responses.ts'
import { refusedMessage, type VerifyMessage, verification } from './verify-message.ts'

const usualLimitBytes = 1_048_576

/** One receiver, and what it does with a request. */
export class ReceiverRun {
  readonly #receiver: CompiledReceiver
  readonly #log: Log
  readonly #limitBytes: number
  readonly #handler: (received: object) => unknown
  readonly #verify: VerifyMessage
  readonly #bind: BindNested
  readonly #encode: EncodeResult
  readonly #once: HandledOnce

  constructor(receiver: CompiledReceiver, options: ReceiveOptions, handler: (received: object) => unknown) {
    const { clock = systemClock, fetch = globalThis.fetch, keysUrl, delivery } = options
    const log = fittingLog(options.log ?? consoleLog)
    const remote = keysUrl === undefined ? undefined : new RemoteKeys(() => fetchKeys(keysUrl, fetch), clock, log)
    this.#receiver = receiver
    this.#log = log
    this.#limitBytes = options.bodyLimitBytes ?? usualLimitBytes
    this.#handler = handler
    this.#verify = verification(options, clock, remote)
    this.#bind = nestedBinding(receiver, nestedRuntime(delivery, clock, log))
    this.#encode = compileEncodeResult(receiver)
    this.#once = new HandledOnce(receiver, options, log)
  }

  /** The response to a request. Never rejects. */
  async respond(request: Request): Promise<Response> {
    try {
      return responseOfStored(await this.#receive(request))
    } catch (error) {
      if (!(error instanceof HttpError))
        this.#log.error('A message could not be handled; the sender repeats it', {
          error,
          receiver: this.#receiver.name,
        })
      return responseOfError(error)
    }
  }

  async #receive(request: Request): Promise<StoredResponse> {
    const url = new URL(request.url)
    const path = this.#pathOf(request, url)
    const bytes = await readBody(request, this.#limitBytes)
    const message = await this.#verified(request, bytes)
    const verified = { request, url, bytes, path }
    const errors: ValidationError[] = []
    const read = await readReceived(this.#receiver, verified, errors)
    const nested = this.#bind(verified, read, errors)
    if (errors.length > 0) throw new HttpError(422, 'The message is not as declared', { errors })
    const handle: HandleMessage = claim =>
      new MessageHandling(this.#encode, nested, claim).run(this.#handler, receivedOf(verified, read, message))
    return this.#once.handle(message.id, handle)
  }

  #pathOf(request: Request, url: URL): VerifiedRequest['path'] {
    const path = this.#receiver.matchPath(url.pathname)
    if (path === undefined) throw new HttpError(404, 'Nothing is received at this path')
    const method = this.#receiver.message.method.toUpperCase()
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
        this.#log.warn('A message was refused by "verify"', { error, receiver: this.#receiver.name })
      throw refused
    }
  }
}

const receivedOf = ({ request }: VerifiedRequest, read: ReadParts, { id, timestamp }: VerifiedMessage) => ({
  body: read.body,
  path: read.path,
  query: read.query,
  headers: read.headers,
  id,
  timestamp,
  request,
})
