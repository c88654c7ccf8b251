import { SignatureError } from './signature-error.ts'

/**
 * The bytes under a signature: `{id}.{timestamp}.{body}` (Standard Webhooks, "Signature scheme"). An id with a dot would
 * let two different messages have the same bytes, so it is refused.
 */
export function signedContent(id: string, timestamp: string, body: Uint8Array | string): Buffer {
  if (!/^[!-~]+$/.test(id) || id.includes('.')) throw new SignatureError('invalid-id')
  if (!/^(0|[1-9]\d{0,14})$/.test(timestamp)) throw new SignatureError('invalid-timestamp')
  const start = `${id}.${timestamp}.`
  return typeof body === 'string' ? Buffer.from(start + body) : Buffer.concat([Buffer.from(start), body])
}
