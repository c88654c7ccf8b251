import type { Clock } from '../clock.ts'
import { checkNames } from '../definition/check-names.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { quoted } from '../definition/quoted.ts'
import type { DeliveryEngine } from '../delivery/delivery-engine.ts'
import type { Log } from '../log/log.ts'
import type { MaybePromise } from '../operation/responses.ts'
import type { VerifiedMessage } from '../signature/verify.ts'
import type { VerificationKeys } from '../signature/versions.ts'
import type { Dedupe } from './dedupe/dedupe.ts'

/**
 * How a message is verified, and handled only once. Give `secrets`, `publicKeys` or `keysUrl` (several together where
 * keys are changed), or `verify` for a format of its own.
 */
export interface ReceiveOptions extends VerificationKeys {
  /** The address of the sender's JSON Web Key Set, such as `https://api.example.com/.well-known/jwks.json`. */
  readonly keysUrl?: string
  /**
   * The base URL that this receiver gave to the sender, or for webhooks the id of its endpoint, `ep_…`: a message for another
   * one is refused. Not checked by default.
   */
  readonly audience?: string
  /** What the sender calls this receiver, where it tells its tenants apart. Checked together with `audience`. */
  readonly recipient?: string
  /** How far the timestamp may be from now, in either direction. Default: 300. */
  readonly toleranceSeconds?: number
  /**
   * For webhooks: takes tests as well, whose ids begin with `test_`, and says so in `isTest`. Default: false, they are refused
   * with a 403, which tells whoever tests the endpoint that it verifies.
   */
  readonly acceptTests?: boolean
  /**
   * Remembers which messages were handled: `sqliteDedupe` or `postgresDedupe`. `false` hands every attempt to the handler.
   * Default: in memory, and the log warns of it.
   */
  readonly dedupe?: Dedupe | false
  /**
   * Verifies messages that are not signed as Standard Webhooks says, over their raw bytes, and gives their id and time. What
   * it throws refuses the message. Only `toleranceSeconds` is then checked here.
   */
  readonly verify?: (request: Request, bytes: Uint8Array) => MaybePromise<VerifiedMessage>
  /** The largest body. Beyond it the response is 413. Default: 1,048,576 (1 MiB). */
  readonly bodyLimitBytes?: number
  /** Sends the callbacks of the callback: what `createDelivery` gave. Default: they have only their `url`. */
  readonly delivery?: DeliveryEngine
  /**
   * Tells this receiver apart from others that share its `dedupe`: messages of two senders may have the same id. Default:
   * method and URL of the definition, or `webhooks`, with `audience`, `recipient` and `keysUrl`.
   */
  readonly name?: string
  /** Where messages of this receiver go. Default: the console. */
  readonly log?: Log
  readonly clock?: Clock
  /** Fetches the keys of `keysUrl`. Default: the global one. */
  readonly fetch?: typeof fetch
}

const OPTION_NAMES: Readonly<Record<keyof ReceiveOptions, true>> = {
  secrets: true,
  publicKeys: true,
  keysUrl: true,
  audience: true,
  recipient: true,
  toleranceSeconds: true,
  acceptTests: true,
  dedupe: true,
  verify: true,
  bodyLimitBytes: true,
  delivery: true,
  name: true,
  log: true,
  clock: true,
  fetch: true,
}

/** Throws a `DefinitionError` for options with which every message, or none, would be refused. */
export function checkReceiveOptions(options: ReceiveOptions, takes: 'callback' | 'webhooks'): void {
  checkNames(options, OPTION_NAMES, 'the options of "receive"')
  const { secrets, publicKeys, keysUrl, verify, audience, recipient } = options
  const keys = [secrets?.[0], publicKeys?.[0], keysUrl].filter(key => key !== undefined)
  if (verify === undefined && keys.length === 0)
    throw new DefinitionError(
      '"receive" has no key to verify with: give "secrets", "publicKeys" or "keysUrl", or "verify" for another format',
    )
  if (verify !== undefined && (keys.length > 0 || audience !== undefined || recipient !== undefined))
    throw new DefinitionError(
      '"verify" of "receive" takes the place of keys, "audience" and "recipient": leave them out',
    )
  if (takes === 'webhooks') checkForWebhooks(options)
  else checkForCallback(options)
  if (keysUrl !== undefined) checkKeysUrl(keysUrl)
  checkNumber(options, 'toleranceSeconds')
  checkNumber(options, 'bodyLimitBytes')
}

function checkForCallback({ audience, recipient, acceptTests }: ReceiveOptions): void {
  if (acceptTests !== undefined)
    throw new DefinitionError('"acceptTests" of "receive" is for webhooks, and this is a callback: leave it out')
  if (recipient !== undefined && audience === undefined)
    throw new DefinitionError('"recipient" of "receive" is checked together with "audience": give the base URL as well')
  if (audience !== undefined && !URL.canParse(audience))
    throw new DefinitionError(`"audience" of "receive" is ${quoted(audience)}: give the base URL, "https://…"`)
}

/** The URL of an endpoint may change, so its messages are made for its id. */
function checkForWebhooks({ audience, recipient, delivery }: ReceiveOptions): void {
  if (recipient !== undefined)
    throw new DefinitionError('"recipient" of "receive" is for callbacks: for webhooks, "audience" is enough')
  if (delivery !== undefined)
    throw new DefinitionError('"delivery" of "receive" sends callbacks, and webhooks have none: leave it out')
  if (audience !== undefined && !/^[\w.-]+$/.test(audience))
    throw new DefinitionError(
      `"audience" of "receive" is ${quoted(audience)}: for webhooks, give the id of the endpoint, "ep_…"`,
    )
}

function checkNumber(options: ReceiveOptions, name: 'toleranceSeconds' | 'bodyLimitBytes'): void {
  const value = options[name]
  if (value !== undefined && !(typeof value === 'number' && value >= 0))
    throw new DefinitionError(`"${name}" of "receive" is ${quoted(value)}: give a number, 0 or more`)
}

/** Whoever can change keys on their way can sign whatever he wants. */
function checkKeysUrl(keysUrl: string): void {
  const url = URL.parse(keysUrl)
  if (url?.protocol === 'https:') return
  if (url?.protocol === 'http:' && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)) return
  throw new DefinitionError(
    `"keysUrl" of "receive" is ${quoted(keysUrl)}: give an "https://" URL; "http://" is taken for this machine only`,
  )
}
