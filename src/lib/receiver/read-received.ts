import { HttpError } from '../http/http-error.ts'
import { parseQuery } from '../http/parse-query.ts'
import type { ParameterGroup, ParameterKey } from '../operation/compiled/parameter-group.ts'
import type { Validated } from '../schema/compiled-schema.ts'
import type { ParameterTexts } from '../schema/parameters/decode-parameters.ts'
import { splitName } from '../schema/parameters/parameter-tree.ts'
import { type ValidationError, validationErrors } from '../schema/validation-error.ts'
import { percentDecode } from '../url/percent-decode.ts'
import type { CompiledReceiver } from './compiled-receiver.ts'

/** As many values a body may hold, as one of an application. */
const mostValues = 50_000

/** A request after its verification, before it is read. */
export interface VerifiedRequest {
  readonly request: Request
  readonly url: URL
  readonly bytes: Uint8Array
  /** The path values, percent-encoded as they were sent. */
  readonly path: Readonly<Record<string, string>>
}

/** The parts of a message as its definition declares them. */
export interface ReadParts {
  readonly body: unknown
  /** The body as it was sent. */
  readonly raw: unknown
  readonly path: Readonly<Record<string, unknown>>
  readonly query: unknown
  readonly headers: unknown
}

/** Validates a message, of which `raw` is the body; what is wrong with it is added to `errors`. */
export async function readReceived(
  { message }: CompiledReceiver,
  verified: VerifiedRequest,
  raw: unknown,
  errors: ValidationError[],
): Promise<ReadParts> {
  const groups: Partial<Record<ParameterKey, unknown>> = {}
  for (const group of message.parameters) {
    const result = await group.read(textsOf(group, verified))
    if (result.issues === undefined) groups[group.key] = result.value
    else errors.push(...validationErrors(group.location, result.issues, { readsText: true }))
  }
  const texts = Object.entries(verified.path).map(([name, text]) => [name, percentDecode(text)] as const)
  return {
    body: taken(await message.body?.validate(raw), raw, errors),
    raw,
    path: { ...Object.fromEntries(texts), ...(groups.params as object | undefined) },
    query: groups.query ?? {},
    headers: groups.headers ?? {},
  }
}

/**
 * The value of the body, before it is validated; undefined where none is declared or was sent. Throws an `HttpError` for one
 * that cannot be read at all.
 */
export function rawBody({ message }: CompiledReceiver, { request, bytes }: VerifiedRequest): unknown {
  const { body, format } = message
  if (body === undefined || bytes.byteLength === 0) return undefined
  const type = request.headers.get('content-type')
  if (type === null || !format.fits(type))
    throw new HttpError(415, `The body must be ${format.mediaType}`, { headers: { accept: format.mediaType } })
  return format.parse(bytes, mostValues)
}

function taken(result: Validated | undefined, raw: unknown, errors: ValidationError[]): unknown {
  if (result?.issues === undefined) return result?.value
  if (raw === undefined) errors.push({ in: 'body', pointer: '#', code: 'required', detail: 'The body is missing' })
  else errors.push(...validationErrors('body', result.issues))
  return undefined
}

/** What the group declares, and nothing else: the base URL may have a query of its own. */
function textsOf({ key, properties }: ParameterGroup, { request, url, path }: VerifiedRequest): ParameterTexts {
  if (key === 'params') return Object.fromEntries([...properties.keys()].map(name => [name, path[name]]))
  if (key === 'headers')
    return Object.fromEntries([...properties.keys()].map(name => [name, request.headers.get(name) ?? undefined]))
  const sent = Object.entries(parseQuery(url.search.slice(1)))
  return Object.fromEntries(sent.filter(([name]) => properties.has(name) || properties.has(splitName(name)?.[0] ?? '')))
}
