import { defaultFinalStatuses } from '../definition/final-statuses.ts'

/**
 * What a delivery carries, unchanged from its storing to its last attempt. For a store it is one opaque value, which
 * only this file writes and reads.
 */
export interface Message {
  readonly method: string
  /** Undefined if there is no body. */
  readonly contentType: string | undefined
  /** Sealed at rest; undefined if there are none beyond the engine's own. */
  readonly headers: Uint8Array | undefined
  readonly body: Uint8Array | undefined
  /** Whether the body is sealed at rest, and the kept responses with it. */
  readonly isBodySealed: boolean
  /** The declared responses as JSON text. */
  readonly responses: string | undefined
  readonly retryDelaysSeconds: readonly number[]
  /** The statuses that end the delivery at once. */
  readonly finalStatuses: readonly number[]
  readonly retryOnInvalidResponse: boolean
  readonly hasOnResponse: boolean
  /** The span in which it was sent, as a `traceparent` of W3C Trace Context. */
  readonly traceParent: string | undefined
  /** Whether the receiver is told of the trace; absent if not. */
  readonly propagate?: true
}

/** Content that this release cannot read. */
export class UnreadableMessageError extends Error {
  /** Whether a later release wrote it, and can read it. */
  readonly isNewer: boolean

  constructor(reason: string, isNewer = false) {
    super(`The content of the delivery cannot be read: ${reason}`)
    this.isNewer = isNewer
  }
}

/** The version of this layout: version, length of the head, head as JSON, then the parts one after another. */
const version = 1
const lengthAt = 1
const headAt = 5
const longestHeadBytes = 65_536

const parts = ['responses', 'headers', 'body'] as const

/**
 * What the head may contain. If a later release adds a name, this release refuses the message instead of ignoring the
 * name.
 */
const isOfHead: Readonly<Record<string, (value: unknown) => boolean>> = {
  method: isText,
  contentType: isText,
  traceParent: isText,
  retryDelaysSeconds: value => Array.isArray(value) && value.length > 0 && value.every(isWait),
  finalStatuses: value => Array.isArray(value) && value.every(isLength),
  isBodySealed: value => value === true,
  retryOnInvalidResponse: value => value === true,
  hasOnResponse: value => value === true,
  propagate: value => value === true,
  ...Object.fromEntries(parts.map(part => [part, isLength])),
}

interface Head {
  readonly method: string
  readonly retryDelaysSeconds: readonly number[]
  /** Left out if it is the usual list, which releases before this name always used. */
  readonly finalStatuses?: readonly number[]
  readonly contentType?: string
  readonly traceParent?: string
  readonly isBodySealed?: true
  readonly retryOnInvalidResponse?: true
  readonly hasOnResponse?: true
  readonly propagate?: true
  /** The length of each part that is present. */
  readonly responses?: number
  readonly headers?: number
  readonly body?: number
}

/** Writes the content of a delivery. */
export function writeMessage(message: Message): Uint8Array {
  const responses = message.responses === undefined ? undefined : Buffer.from(message.responses)
  const { headers, body } = message
  const head = JSON.stringify(headOf(message, responses))
  const headLength = Buffer.byteLength(head)
  if (headLength > longestHeadBytes)
    throw new RangeError(`The head of the message has ${headLength} bytes; at most ${longestHeadBytes} can be kept`)
  const partsAt = headAt + headLength
  const content = Buffer.allocUnsafe(partsAt + (responses?.length ?? 0) + (headers?.length ?? 0) + (body?.length ?? 0))
  content[0] = version
  content.writeUInt32BE(headLength, lengthAt)
  content.write(head, headAt)
  let at = partsAt
  for (const part of [responses, headers, body]) {
    if (part === undefined) continue
    content.set(part, at)
    at += part.length
  }
  return content
}

/** False and undefined values are left out of the JSON. */
function headOf(message: Message, responses: Uint8Array | undefined): Head {
  const { method, contentType, traceParent, retryDelaysSeconds, finalStatuses, headers, body } = message
  return {
    method,
    retryDelaysSeconds,
    ...(!isUsual(finalStatuses) && { finalStatuses }),
    ...(contentType !== undefined && { contentType }),
    ...(traceParent !== undefined && { traceParent }),
    ...(message.isBodySealed && { isBodySealed: true }),
    ...(message.retryOnInvalidResponse && { retryOnInvalidResponse: true }),
    ...(message.hasOnResponse && { hasOnResponse: true }),
    ...(message.propagate && { propagate: true }),
    ...(responses !== undefined && { responses: responses.length }),
    ...(headers !== undefined && { headers: headers.length }),
    ...(body !== undefined && { body: body.length }),
  }
}

/** Reads what {@link writeMessage} of any release so far has written; throws `UnreadableMessageError`. */
export function readMessage(content: Uint8Array): Message {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  if (bytes.length < headAt) throw new UnreadableMessageError('it is cut short')
  if (bytes[0] !== version)
    throw new UnreadableMessageError(`it is of version ${bytes[0]}, and this release knows ${version}`, true)
  const partsAt = headAt + bytes.readUInt32BE(lengthAt)
  if (partsAt > headAt + longestHeadBytes || partsAt > bytes.length) throw new UnreadableMessageError('it is cut short')
  const head = readHead(bytes.toString('utf8', headAt, partsAt))
  const responsesEnd = partsAt + (head.responses ?? 0)
  const headersEnd = responsesEnd + (head.headers ?? 0)
  if (headersEnd + (head.body ?? 0) !== bytes.length)
    throw new UnreadableMessageError('its parts have other lengths than its head says')
  return {
    method: head.method,
    contentType: head.contentType,
    traceParent: head.traceParent,
    retryDelaysSeconds: head.retryDelaysSeconds,
    finalStatuses: head.finalStatuses ?? defaultFinalStatuses,
    isBodySealed: head.isBodySealed ?? false,
    retryOnInvalidResponse: head.retryOnInvalidResponse ?? false,
    hasOnResponse: head.hasOnResponse ?? false,
    ...(head.propagate === true && { propagate: true }),
    responses: head.responses === undefined ? undefined : bytes.toString('utf8', partsAt, responsesEnd),
    headers: head.headers === undefined ? undefined : bytes.subarray(responsesEnd, headersEnd),
    body: head.body === undefined ? undefined : bytes.subarray(headersEnd),
  }
}

function readHead(text: string): Head {
  const head = parseHead(text)
  for (const name in head) {
    const isValid = Object.hasOwn(isOfHead, name) ? isOfHead[name] : undefined
    if (isValid === undefined) throw new UnreadableMessageError(`this release does not know "${name}"`, true)
    if (!isValid(head[name as keyof Head])) throw new UnreadableMessageError(`its "${name}" is not valid`)
  }
  if (head.method === undefined || head.retryDelaysSeconds === undefined)
    throw new UnreadableMessageError('its method or its waits are missing')
  return head as Head
}

function parseHead(text: string): Partial<Head> {
  try {
    const head: unknown = JSON.parse(text)
    if (typeof head === 'object' && head !== null && !Array.isArray(head)) return head
  } catch {
    // Reported below
  }
  throw new UnreadableMessageError('its head is not a JSON object')
}

function isUsual(statuses: readonly number[]): boolean {
  return statuses.length === 1 && statuses[0] === defaultFinalStatuses[0]
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}

function isWait(value: unknown): boolean {
  return typeof value === 'number' && value >= 0
}

function isLength(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
