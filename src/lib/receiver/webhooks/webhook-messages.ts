import { cutText } from '../../cut-text.ts'
import { HttpError } from '../../http/http-error.ts'
import type { Log } from '../../log/log.ts'
import type { VerifiedMessage } from '../../signature/verify.ts'
import type { StoredResponse } from '../dedupe/dedupe.ts'
import type { HandleMessage } from '../dedupe/handled-once.ts'
import { type CallHandler, DefinedMessage, type ReadMessage } from '../defined-message.ts'
import { rawBody, type VerifiedRequest } from '../read-received.ts'
import type { MessageTaker, ReceiverParts } from '../receiver-run.ts'
import { type CompiledWebhookReceiver, compileWebhookReceivers } from './compile-webhooks.ts'
import type { ReceivableWebhooks } from './received-webhook.ts'
import { isEnvelope, typeOf, type WebhookEnvelope } from './webhook-envelope.ts'

type DefinedWebhook = DefinedMessage & { readonly receiver: CompiledWebhookReceiver }

interface ChosenWebhook {
  readonly defined: DefinedWebhook
  readonly found: ReadMessage
}

/** The log names each unknown event once, and never more than this. */
const MOST_NAMES = 100
const MOST_CHARACTERS = 128

/** The events that one URL gets, each with its handler. */
export class WebhookMessages implements MessageTaker {
  readonly name = 'webhooks'
  readonly method = 'POST'
  readonly matchPath = (): {} => ({})
  readonly #byType = new Map<string, DefinedWebhook>()
  /** Those without an envelope, of which only the schema says which one a body is. */
  readonly #whole: DefinedWebhook[] = []
  readonly #acceptTests: boolean
  readonly #log: Log
  readonly #unknown = new Set<string>()

  constructor(webhooks: ReceivableWebhooks, parts: ReceiverParts, handlers: Readonly<Record<string, CallHandler>>) {
    for (const receiver of compileWebhookReceivers(webhooks)) {
      const defined = new DefinedMessage(receiver, parts, handlers[receiver.event]!) as DefinedWebhook
      if (receiver.enveloped) this.#byType.set(receiver.event, defined)
      else this.#whole.push(defined)
    }
    this.#acceptTests = parts.options.acceptTests ?? false
    this.#log = parts.log
  }

  async take(verified: VerifiedRequest, message: VerifiedMessage): Promise<HandleMessage | StoredResponse> {
    const isTest = message.id.startsWith('test_')
    if (isTest && !this.#acceptTests)
      throw new HttpError(403, 'This is a test, as its "webhook-id" says, and tests are not taken here')
    const [first] = this.#byType.values()
    const raw = first === undefined ? undefined : rawBody(first.receiver, verified)
    const defined = this.#byType.get(typeOf(raw) ?? '')
    const chosen =
      defined === undefined ? await this.#ofWholeBody(verified) : { defined, found: await defined.read(verified, raw) }
    if (chosen === undefined) return this.#acknowledged(raw)
    const { receiver } = chosen.defined
    return chosen.defined.handle(chosen.found, ({ read }) => ({
      ...receivedOf(receiver, read.body),
      ...message,
      isTest,
    }))
  }

  /** The first webhook that takes the body; where none does, and it is no envelope, the first of all. */
  async #ofWholeBody(verified: VerifiedRequest): Promise<ChosenWebhook | undefined> {
    let first: ChosenWebhook | undefined
    for (const defined of this.#whole) {
      const raw = rawBody(defined.receiver, verified)
      const found = await defined.read(verified, raw)
      if (found.errors.length === 0) return { defined, found }
      if (!isEnvelope(raw)) first ??= { defined, found }
    }
    return first
  }

  /** An event that the sender has added since is no failure of this receiver. */
  #acknowledged(raw: unknown): StoredResponse {
    const type = typeOf(raw)
    if (type === undefined) {
      const detail = raw === undefined ? 'The body is missing' : 'It must be the name of an event'
      const errors = [{ in: 'body', pointer: raw === undefined ? '#' : '#/type', code: 'required', detail }]
      throw new HttpError(422, 'The message is not as declared', { errors })
    }
    const event = cutText(type, MOST_CHARACTERS)
    if (!this.#unknown.has(event) && this.#unknown.size < MOST_NAMES) {
      this.#unknown.add(event)
      this.#log.warn('A webhook was acknowledged that nothing here handles', { event })
    }
    return { status: 204, headers: {}, body: undefined }
  }
}

function receivedOf({ event, enveloped }: CompiledWebhookReceiver, body: unknown): object {
  if (!enveloped) return { event, data: body, occurredAt: undefined }
  const { data, timestamp } = body as WebhookEnvelope
  return { event, data, occurredAt: new Date(timestamp) }
}
