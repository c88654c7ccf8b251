import { sign } from '../../src/lib/signature/sign.ts'

/** What a sender signs, and with what. */
export interface SignedMessage {
  readonly id?: string
  readonly body?: string | Uint8Array
  readonly secrets?: readonly string[]
  readonly privateKeys?: readonly string[]
  /** In seconds. */
  readonly timestamp: number
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** What the three headers begin with: `svix` for Svix. */
  readonly prefix?: string
}

/** A request as a sender of Standard Webhooks makes it. */
export function signedRequest(url: string, message: SignedMessage): Request {
  const { id = 'msg_1', body, timestamp, method = 'POST', prefix = 'webhook', secrets, privateKeys } = message
  const signature = sign({ id, timestamp, body: body ?? '', secrets, privateKeys })
  const headers = {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    [`${prefix}-id`]: id,
    [`${prefix}-timestamp`]: String(timestamp),
    [`${prefix}-signature`]: signature,
    ...message.headers,
  }
  return new Request(url, { method, headers, ...(body !== undefined && { body: body as BodyInit }) })
}
