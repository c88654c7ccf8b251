import { STATUS_CODES } from 'node:http'
import type { ValueFault } from '../../document/message/value-check.ts'
import { isJsonType } from '../../http/media-type.ts'
import type { MessageRoute } from './message-route.ts'
import type { Reply } from './received.ts'

/** A refusal as problem details (RFC 9457). */
export function problem(status: number, detail: string, errors: readonly ValueFault[] = []): Reply {
  const title = STATUS_CODES[status] ?? 'Refused'
  const body = { type: 'about:blank', title, status, detail, ...(errors.length > 0 && { errors }) }
  return { status, headers: { 'content-type': 'application/problem+json' }, body: Buffer.from(JSON.stringify(body)) }
}

/** The response that the document declares for a request that was handled, with an example of its body. */
export async function declaredReply(route: MessageRoute): Promise<Reply> {
  const status = route.successStatus
  const contents = route.declared(status) ?? []
  const content = contents.find(({ mediaType }) => isJsonType(mediaType)) ?? contents[0]
  if (content === undefined || status === 204) return { status, headers: {}, body: new Uint8Array() }
  const { value } = await route.example(content)
  const text = isJsonType(content.mediaType) || typeof value !== 'string' ? JSON.stringify(value) : value
  return { status, headers: { 'content-type': content.mediaType }, body: Buffer.from(text) }
}
