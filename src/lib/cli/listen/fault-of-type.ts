import { cutText } from '../../cut-text.ts'
import { decodeJson } from '../../json/decode-json.ts'
import { textConstants } from '../../openapi/receiver/text-constants.ts'
import { asJsonSchema, resolveReference } from '../../schema/json-schema.ts'
import type { BodyFault } from './judge-body.ts'
import type { MessageRoute } from './message-route.ts'

/** Why a request is not for a route. */
export interface RouteFault {
  readonly route: MessageRoute
  readonly fault: BodyFault
}

/**
 * The fault that helps most, of a request that fits none of the routes of its URL, the most likely of which comes first: that
 * of the route of its type. At least one fault is given.
 */
export function faultOfType(
  faults: readonly RouteFault[],
  body: Uint8Array,
): { readonly route: MessageRoute | undefined; readonly fault: BodyFault } {
  const [first] = faults as [RouteFault]
  const type = faults.length === 1 ? undefined : typeIn(body)
  if (type === undefined) return first
  const typed = faults.map(one => ({ ...one, types: typesOf(one.route) }))
  const fitting = typed.find(({ types }) => types.includes(type))
  if (fitting !== undefined) return fitting
  if (typed.every(({ types }) => types.length === 0)) return first
  const detail = `The document has no webhook with the type ${cutText(JSON.stringify(type), 100)}`
  return { route: undefined, fault: { status: 422, detail, errors: [] } }
}

function typeIn(body: Uint8Array): string | undefined {
  try {
    const type: unknown = (decodeJson(body) as { readonly type?: unknown } | null)?.type
    return typeof type === 'string' ? type : undefined
  } catch {
    return undefined
  }
}

/** What a body of the route may have as its `type`; nothing where it may have any. */
const typesOf = ({ message }: MessageRoute): readonly unknown[] =>
  message.contents.flatMap(({ schema = {} }) => {
    const resolve = (part: unknown) => resolveReference(asJsonSchema(part) ?? {}, schema)
    return textConstants(schema, resolve).get('type') ?? []
  })
