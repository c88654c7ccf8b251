import { createHash } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import { DestinationRefusedError } from '../../destination/destination-refused-error.ts'
import { createDestinationPolicy, type DestinationPolicy } from '../../destination/policy.ts'
import type { DestinationRules } from '../../destination/rules.ts'
import { CallbackTimeoutError } from '../../destination/transport/callback-timeout-error.ts'
import { CallbackUnreachableError } from '../../destination/transport/callback-unreachable-error.ts'
import { createGuardedTransport } from '../../destination/transport/guarded-transport.ts'
import type { IncomingResponse, Transport } from '../../destination/transport/transport.ts'
import { once } from '../../once.ts'
import { destinationHash } from '../../signature/destination-hash.ts'
import { type TestKeys, testKeys } from '../../signature/master-secret.ts'
import { sign } from '../../signature/sign.ts'
import { CallLine } from '../attempt/call-line.ts'
import { loopHeader } from '../attempt/own-loop.ts'
import { requestHeaders } from '../attempt/request-headers.ts'
import { engineHeaders } from '../attempt/run-attempt.ts'
import { TooManyCallsError } from '../attempt/too-many-calls-error.ts'
import { webhookId } from '../keys/webhook-id.ts'

/** How a message is sent: as it should be, or with one fault that a receiver must notice. */
export type TestManner = 'right' | 'wrong-signature' | 'old-timestamp' | 'repeated'

/** A message to try a receiver out. */
export interface TestMessage {
  readonly method: string
  readonly url: string
  /** The base URL at its beginning. */
  readonly destination: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | undefined
  readonly contentType: string | undefined
  readonly manner: TestManner
  /** The `webhook-id` of the message that is repeated. */
  readonly webhookId?: string | undefined
}

/** What was sent, and what came back. */
export interface TestSent {
  readonly headers: Readonly<Record<string, string>>
  readonly tookMs: number
  readonly end:
    | { readonly outcome: 'responded'; readonly response: IncomingResponse }
    | { readonly outcome: 'refused' | 'unreachable' | 'timed-out' | 'busy'; readonly error: string }
}

/** What a sender works with. */
export interface TestSenderContext {
  readonly clock: Clock
  readonly masterSecret: string
  readonly makeId: () => string
  /** What the guard has to know. */
  readonly destinations: DestinationRules
  readonly ownOrigins: readonly string[]
  /** In place of the guarded one. */
  readonly transport: Transport | undefined
}

const TIMEOUT_MS = 15_000
const RESPONSE_LIMIT_BYTES = 65_536
const OLD_SECONDS = 600
const AT_ONCE = { total: 8, perOrigin: 2 }
const KEPT = { total: 8, perOrigin: 1 }
const MOST_SOCKETS = 32

/** One text for every refused address, so that nobody scans a network through us. */
const REFUSED = 'This server does not send to that address'

/** Sends messages through the guard, signed with test keys and stored nowhere. */
export class TestSender {
  readonly #context: TestSenderContext
  readonly #line: CallLine
  readonly #policy: () => DestinationPolicy
  /** Made for the first message, since most applications send none. */
  #own: Transport | undefined

  constructor(context: TestSenderContext) {
    this.#context = context
    this.#line = new CallLine(context.clock, AT_ONCE)
    const { destinations, ownOrigins } = context
    this.#policy = once(() => createDestinationPolicy({ ...destinations, ownOrigins }))
  }

  get keys(): TestKeys {
    return testKeys(this.#context.masterSecret)
  }

  async close(): Promise<void> {
    await this.#own?.close()
  }

  /** Never rejects for what the receiver does. Throws `ReservedHeaderError`. */
  async send(message: TestMessage): Promise<TestSent> {
    const { method, url, body } = message
    const headers = this.#headers(message)
    const begun = performance.now()
    const end = await this.#end({ method: method.toUpperCase(), url, headers, body }, message.destination)
    const tookMs = end.outcome === 'refused' ? 0 : Math.round(performance.now() - begun)
    return { headers, tookMs, end }
  }

  async #end(
    request: { method: string; url: string; headers: Readonly<Record<string, string>>; body: Uint8Array | undefined },
    destination: string,
  ): Promise<TestSent['end']> {
    const call = {
      origin: URL.parse(request.url)?.origin ?? request.url,
      timeoutMs: TIMEOUT_MS,
      bytes: request.body?.length ?? 0,
    }
    const to = { url: destination, recipient: undefined }
    if (!this.#policy().judgeUrl(request.url).allowed) return { outcome: 'refused', error: REFUSED }
    try {
      const response = await this.#line.run(call, timeoutMs =>
        this.#transport().send(request, { timeoutMs, responseLimitBytes: RESPONSE_LIMIT_BYTES, destination: to }),
      )
      return { outcome: 'responded', response }
    } catch (error) {
      return failure(error)
    }
  }

  #transport(): Transport {
    const { transport, clock } = this.#context
    if (transport !== undefined) return transport
    const policy = this.#policy()
    this.#own ??= createGuardedTransport({ policy, clock, idleConnections: KEPT, socketLimit: MOST_SOCKETS })
    return this.#own
  }

  #headers({
    destination,
    headers,
    body,
    contentType,
    manner,
    webhookId: repeated,
  }: TestMessage): Record<string, string> {
    const { clock, makeId, masterSecret } = this.#context
    const { secret, privateKey } = this.keys
    const id = repeated ?? webhookId({ id: makeId(), destinationHash: destinationHash(destination, undefined) })
    const timestamp = Math.floor(clock.now() / 1_000) - (manner === 'old-timestamp' ? OLD_SECONDS : 0)
    const signed = { id, timestamp, secrets: [secret], privateKeys: [privateKey] }
    const bytes = body ?? new Uint8Array()
    const signature = sign({ ...signed, body: manner === 'wrong-signature' ? otherBytes(bytes) : bytes })
    return {
      ...engineHeaders(contentType),
      ...requestHeaders(headers),
      ...{ 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature },
      ...loopHeader([masterSecret]),
    }
  }
}

/** A signature of these is well-formed, and wrong. */
const otherBytes = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()

function failure(error: unknown): TestSent['end'] {
  if (error instanceof DestinationRefusedError) return { outcome: 'refused', error: REFUSED }
  if (error instanceof CallbackTimeoutError) return { outcome: 'timed-out', error: error.message }
  if (error instanceof CallbackUnreachableError) return { outcome: 'unreachable', error: error.message }
  if (error instanceof TooManyCallsError) return { outcome: 'busy', error: error.message }
  throw error
}
