import type { TestManner } from '../../delivery/test-send/test-sender.ts'
import { HttpError } from '../../http/http-error.ts'
import { textOf } from '../read-json.ts'

/** What somebody has typed into the panel. */
export interface PanelRequest {
  readonly place: unknown
  readonly values: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | undefined
  readonly manner: TestManner
  readonly webhookId: string | undefined
}

const MANNERS: Readonly<Record<TestManner, true>> = {
  ...{ right: true, 'wrong-signature': true, 'old-timestamp': true, repeated: true },
}
const MOST_VALUES = 100
const MOST_CHARACTERS = 8_192
const MOST_BODY_BYTES = 262_144

/** Reads a request of the panel. Throws an `HttpError` 400. */
export function panelRequest(given: Readonly<Record<string, unknown>>): PanelRequest {
  const { body } = given
  const bytes = typeof body === 'string' ? Buffer.from(body) : undefined
  if (bytes !== undefined && bytes.length > MOST_BODY_BYTES)
    throw new HttpError(413, `The body has ${bytes.length} bytes: at most ${MOST_BODY_BYTES} are sent`)
  const manner = textOf(given, 'manner') ?? 'right'
  if (!Object.hasOwn(MANNERS, manner)) throw new HttpError(400, 'There is no such way to send it')
  const webhookId = textOf(given, 'webhookId')
  if (manner === 'repeated' && !/^msg_[0-9a-z]{25}_[\w-]{16}$/.test(webhookId ?? ''))
    throw new HttpError(400, 'There is no message to send again: send one as it should be first')
  return {
    place: given['place'],
    ...{ values: texts(given, 'values'), query: texts(given, 'query'), headers: texts(given, 'headers') },
    body: bytes,
    manner: manner as TestManner,
    webhookId: manner === 'repeated' ? webhookId : undefined,
  }
}

function texts(given: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, string>> {
  const object = given[name] ?? {}
  const entries = Object.entries(object)
  const fit = ([key, value]: readonly [string, unknown]) =>
    typeof value === 'string' && key.length + value.length <= MOST_CHARACTERS
  if (typeof object !== 'object' || entries.length > MOST_VALUES || !entries.every(fit))
    throw new HttpError(400, `"${name}" are not texts by their names, or too many, or too long`)
  // Without a prototype, so that a name such as "constructor" is a name.
  return Object.assign(Object.create(null), Object.fromEntries(entries as [string, string][]))
}
