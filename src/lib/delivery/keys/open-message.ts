import { decryptAtRest } from '../../signature/at-rest.ts'
import { atRestKey } from '../../signature/master-secret.ts'
import type { Message } from '../message.ts'

/** What seals and opens: the master secrets, the current one first. */
type MasterSecrets = readonly string[]

/** The headers of a message that are not the engine's own; throws `AtRestError`. */
export function openHeaders({ headers }: Pick<Message, 'headers'>, secrets: MasterSecrets): Record<string, string> {
  return headers === undefined ? {} : JSON.parse(Buffer.from(opened(headers, secrets)).toString())
}

/** The body as it is sent; throws `AtRestError`. */
export function openBody(
  { body, isBodySealed }: Pick<Message, 'body' | 'isBodySealed'>,
  secrets: MasterSecrets,
): Uint8Array | undefined {
  return isBodySealed && body !== undefined ? opened(body, secrets) : body
}

/** Opens a sealed part of a message, to show that it was sealed with these secrets; throws `AtRestError`. */
export function openSealed({ headers, body }: Pick<Message, 'headers' | 'body'>, secrets: MasterSecrets): void {
  const sealed = headers ?? body
  if (sealed !== undefined) opened(sealed, secrets)
}

function opened(sealed: Uint8Array, secrets: MasterSecrets): Uint8Array {
  return decryptAtRest(secrets.map(atRestKey), sealed)
}
