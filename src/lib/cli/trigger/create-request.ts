import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { exampleValue } from '../../document/message/example-value.ts'
import type { MessageContent } from '../../document/message/outgoing-message.ts'
import type { UrlPart } from '../../document/message/url-template-of.ts'
import { createValueCheck } from '../../document/message/value-check.ts'
import { evaluateUrlTemplate } from '../../expression/evaluate-url-template.ts'
import type { UrlTemplatePart } from '../../expression/url-template.ts'
import { isJsonType } from '../../http/media-type.ts'
import { destinationHash } from '../../signature/destination-hash.ts'
import { generateSecret } from '../../signature/generate.ts'
import { sign } from '../../signature/sign.ts'
import { CommandError } from '../command-error.ts'
import type { MessageRoute } from '../listen/message-route.ts'
import { testSecret } from '../listen/test-secret.ts'
import { brokenValue } from './broken-value.ts'

/** What is sent wrong on purpose. */
export type Mistake = 'body' | 'signature' | 'timestamp' | 'repeat'

/** By what a request is made. */
export interface RequestChoices {
  readonly to: URL
  readonly body?: string
  readonly set?: Readonly<Record<string, string>>
  readonly secret?: string
  readonly privateKey?: string
  readonly id?: string
  readonly mistake?: Mistake
}

/** A request that is ready to be sent. */
export interface CreatedRequest {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** What whoever sends it should know. */
  readonly notes: readonly string[]
}

const hourSeconds = 3_600

/** Makes the request of a callback or webhook, with an example as its body, and signs it. `now` is epoch milliseconds. */
export async function createRequest(
  route: MessageRoute,
  choices: RequestChoices,
  now: number,
): Promise<CreatedRequest> {
  const notes: string[] = []
  const content = route.message.contents.find(({ mediaType }) => isJsonType(mediaType)) ?? route.message.contents[0]
  const body = await bodyOf(route, content, choices, notes)
  const { query, headers } = await parametersOf(route)
  const url = new URL(urlOf(route.after, choices))
  for (const [name, value] of query) if (!url.searchParams.has(name)) url.searchParams.set(name, value)
  const type = content === undefined || body.length === 0 ? {} : { 'content-type': concrete(content.mediaType) }
  const signed = signatureHeaders(body, choices, now)
  const method = route.outgoing.method.toUpperCase()
  return { url: url.href, method, headers: { ...Object.fromEntries(headers), ...type, ...signed }, body, notes }
}

/** A range of media types is none that can be sent. */
const concrete = (mediaType: string): string => (mediaType.includes('*') ? 'application/json' : mediaType)

async function bodyOf(
  route: MessageRoute,
  content: MessageContent | undefined,
  { body, mistake }: RequestChoices,
  notes: string[],
): Promise<Uint8Array> {
  if (body !== undefined) return readBody(body)
  if (content === undefined) {
    if (mistake === 'body') throw new CommandError('It has no body that could be broken')
    return new Uint8Array()
  }
  const { value, isValid, source } = await route.example(content)
  if (!isValid)
    notes.push(`No example could be made that the schema allows: this is the ${source}'s best; give one with --body`)
  const sent = mistake === 'body' ? brokenValue(value, route.check(content)) : value
  return Buffer.from(serialize(content.mediaType, sent))
}

async function readBody(location: string): Promise<Uint8Array> {
  try {
    return location === '-' ? Buffer.from(await text(process.stdin)) : await readFile(location)
  } catch (error) {
    throw new CommandError(`The body "${location}" cannot be read: ${(error as Error).message}`)
  }
}

function serialize(mediaType: string, value: unknown): string {
  if (mediaType.startsWith('application/x-www-form-urlencoded') && typeof value === 'object' && value !== null)
    return new URLSearchParams(Object.entries(value).map(([name, one]) => [name, textOf(one)])).toString()
  return typeof value === 'string' && !isJsonType(concrete(mediaType)) ? value : JSON.stringify(value)
}

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))

/** The required parameters; those of the signature are made from the body. */
async function parametersOf(route: MessageRoute) {
  const query: [string, string][] = []
  const headers: [string, string][] = []
  for (const { in: place, name, required, schema, examples } of route.message.parameters) {
    if (!required || place === 'path' || /^(?:webhook-\w+|content-type|content-length|host)$/i.test(name)) continue
    const { value } = await exampleValue(schema, examples, createValueCheck(schema))
    if (place === 'query') query.push([name, textOf(value)])
    else headers.push([name.toLowerCase(), textOf(value).replaceAll(/[^\t\x20-\x7e]/g, '?')])
  }
  return { query, headers }
}

/** The base URL with what the callback's own key has behind it. */
function urlOf(after: readonly UrlPart[], { to, set = {} }: RequestChoices): string {
  const names: Record<string, string> = {}
  const parts = after.map((part): UrlTemplatePart => {
    if ('text' in part) return { kind: 'literal', text: part.text }
    names[part.name] = set[part.name] ?? `${part.name}-1`
    return { kind: 'name', name: part.name }
  })
  const request = { params: {}, query: { base: to.href }, headers: {}, body: undefined }
  const template = { kind: 'url-template' as const, parts: [{ kind: 'query' as const, name: 'base' }, ...parts] }
  const evaluated = evaluateUrlTemplate(template, { url: to.href, method: 'POST', request }, names)
  if ('url' in evaluated) return evaluated.url
  throw new CommandError(
    `The URL cannot be composed: ${'invalid' in evaluated ? evaluated.invalid : evaluated.missing}`,
  )
}

function signatureHeaders(body: Uint8Array, choices: RequestChoices, now: number): Record<string, string> {
  const { to, secret = testSecret, privateKey, mistake } = choices
  const id = choices.id ?? `msg_${randomBytes(12).toString('hex')}_${destinationHash(to.href)}`
  const timestamp = Math.floor(now / 1_000) - (mistake === 'timestamp' ? hourSeconds : 0)
  const secrets = [mistake === 'signature' ? generateSecret() : secret]
  const privateKeys = privateKey === undefined || mistake === 'signature' ? [] : [privateKey]
  const signature = sign({ id, timestamp, body, secrets, privateKeys })
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature }
}
