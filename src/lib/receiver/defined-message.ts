import { HttpError } from '../http/http-error.ts'
import type { ValidationError } from '../schema/validation-error.ts'
import type { VerifiedMessage } from '../signature/verify.ts'
import type { CompiledReceiver } from './compiled-receiver.ts'
import type { HandleMessage } from './dedupe/handled-once.ts'
import { compileEncodeResult, type EncodeResult } from './encode-result.ts'
import { MessageHandling } from './message-handling.ts'
import { type BindNested, type BoundNested, nestedBinding, nestedRuntime } from './nested-callbacks.ts'
import { type ReadParts, rawBody, readReceived, type VerifiedRequest } from './read-received.ts'
import type { MessageTaker, ReceiverParts } from './receiver-run.ts'

/** What a handler is called with. */
export type CallHandler = (received: object) => unknown

/** A message that was read, with what is wrong with it. */
export interface ReadMessage {
  readonly verified: VerifiedRequest
  readonly read: ReadParts
  readonly nested: BoundNested
  readonly errors: readonly ValidationError[]
}

/** The messages of one definition, and their handler. */
export class DefinedMessage implements MessageTaker {
  readonly name: string
  readonly method: string
  readonly matchPath: MessageTaker['matchPath']
  readonly receiver: CompiledReceiver
  readonly #handler: CallHandler
  readonly #bind: BindNested
  readonly #encode: EncodeResult

  constructor(receiver: CompiledReceiver, { options, clock, log }: ReceiverParts, handler: CallHandler) {
    this.name = receiver.name
    this.method = receiver.message.method.toUpperCase()
    this.matchPath = receiver.matchPath
    this.receiver = receiver
    this.#handler = handler
    this.#bind = nestedBinding(receiver, nestedRuntime(options.delivery, clock, log))
    this.#encode = compileEncodeResult(receiver)
  }

  async take(verified: VerifiedRequest, message: VerifiedMessage): Promise<HandleMessage> {
    const found = await this.read(verified, rawBody(this.receiver, verified))
    return this.handle(found, ({ read }) => ({ body: read.body, path: read.path, query: read.query, ...message }))
  }

  /** Validates what was sent; `raw` is its body. */
  async read(verified: VerifiedRequest, raw: unknown): Promise<ReadMessage> {
    const errors: ValidationError[] = []
    const read = await readReceived(this.receiver, verified, raw, errors)
    return { verified, read, nested: this.#bind(verified, read, errors), errors }
  }

  /** Gives what handles a message, of which the handler gets what `received` says. Throws a 422 for one that is not as declared. */
  handle(found: ReadMessage, received: (found: ReadMessage) => object): HandleMessage {
    const { errors, nested, read, verified } = found
    if (errors.length > 0) throw new HttpError(422, 'The message is not as declared', { errors })
    const parts = { ...received(found), headers: read.headers, request: verified.request }
    return claim => new MessageHandling(this.#encode, nested, claim).run(this.#handler, parts)
  }
}
