import { similarName } from '../../definition/similar-name.ts'
import { longestUrl } from '../../url/longest-url.ts'
import { headersOfEngine, requestHeaders } from '../attempt/request-headers.ts'
import { ReservedHeaderError } from '../attempt/reserved-header-error.ts'
import type { EndpointChange } from './endpoint.ts'
import { InvalidEndpointError } from './errors/invalid-endpoint-error.ts'
import { ownerText } from './owner.ts'

const most = Object.freeze({
  description: 500,
  events: 100,
  channels: 10,
  channel: 128,
  metadata: 20,
  metadataName: 40,
  metadataValue: 500,
  headers: 20,
  headerBytes: 4_096,
})
/** No event has a longer name. */
const longestName = 128
const rate = Object.freeze({ least: 0.01, most: 10_000 })
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
const control = /[\u0000-\u001f\u007f]/

/** Whose it is, in the store's form; throws `InvalidEndpointError` for everyone, who cannot have an endpoint. */
export function checkedOwner(owner: unknown): string {
  try {
    if (typeof owner === 'string') return ownerText(owner)
  } catch (error) {
    throw new InvalidEndpointError('/owner', (error as Error).message)
  }
  throw new InvalidEndpointError('/owner', 'name one customer')
}

/** Checks what is given of a change, except for the guard's verdict on the URL. Throws `InvalidEndpointError`. */
export function checkEndpoint(change: EndpointChange, events: ReadonlyMap<string, unknown>): void {
  if (change.url !== undefined) checkUrl(change.url)
  if (change.description !== undefined) checkText('/description', change.description, most.description)
  if (change.events !== undefined) checkEvents(change.events, events)
  if (change.channels !== undefined) checkChannels(change.channels, '/channels', most.channels)
  if (change.metadata !== undefined) checkMetadata(change.metadata)
  if (change.headers !== undefined) checkHeaders(change.headers)
  const { ratePerSecond } = change
  if (ratePerSecond == null) return
  if (!(typeof ratePerSecond === 'number' && ratePerSecond >= rate.least && ratePerSecond <= rate.most))
    refuse('/ratePerSecond', `give a number from ${rate.least} to ${rate.most.toLocaleString('en')}, or null for any`)
}

function refuse(pointer: string, detail: string): never {
  throw new InvalidEndpointError(pointer, detail)
}

function checkText(pointer: string, text: unknown, longest: number): asserts text is string {
  if (typeof text !== 'string') refuse(pointer, 'give text')
  if (text.length > longest) refuse(pointer, `it has ${text.length} characters; give at most ${longest}`)
  if (!text.isWellFormed() || text.includes('\0')) refuse(pointer, 'it has characters that cannot be stored')
}

const endpointUrlLimit = Math.min(longestUrl, 2_048)

/** What the guard says of a URL comes later; this is what an endpoint's must be beside that. */
function checkUrl(url: unknown): void {
  checkText('/url', url, endpointUrlLimit)
  const parsed = URL.parse(url)
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) refuse('/url', 'give an absolute http or https URL')
  if (parsed.username !== '' || parsed.password !== '') refuse('/url', 'leave out the user name and password')
  if (url.includes('#')) refuse('/url', 'leave out the fragment')
}

function checkEvents(names: unknown, events: ReadonlyMap<string, unknown>): void {
  if (!Array.isArray(names) || names.length === 0) refuse('/events', 'give a list of at least one event, such as ["*"]')
  if (names.length > most.events) refuse('/events', `it has ${names.length} events; give at most ${most.events}`)
  for (const [index, name] of names.entries()) {
    if (name === '*' || (typeof name === 'string' && events.has(name))) continue
    const similar =
      typeof name === 'string' && name.length <= longestName ? similarName(name, [...events.keys()]) : undefined
    const hint = similar === undefined ? '' : `; did you mean "${similar}"?`
    refuse(`/events/${index}`, `there is no such event${hint}`)
  }
}

/** Channels are words: they are stored in one text. */
export function checkChannels(channels: unknown, pointer: string, atMost: number): void {
  if (!Array.isArray(channels)) refuse(pointer, 'give a list of names')
  if (channels.length > atMost) refuse(pointer, `it has ${channels.length} channels; give at most ${atMost}`)
  for (const [index, channel] of channels.entries()) {
    const at = `${pointer}/${index}`
    checkText(at, channel, most.channel)
    if (!/^[\w.:/@-]+$/.test(channel)) refuse(at, 'write 1 to 128 letters, digits and "-", "_", ".", ":", "/", "@"')
  }
}

function checkMetadata(metadata: unknown): void {
  for (const [name, value] of entriesOf('/metadata', metadata)) {
    const pointer = `/metadata/${pointerToken(name)}`
    checkText(pointer, name, most.metadataName)
    if (value !== null) checkText(pointer, value, most.metadataValue)
  }
}

function checkHeaders(headers: unknown): void {
  for (const [name, value] of entriesOf('/headers', headers)) {
    const pointer = `/headers/${pointerToken(name)}`
    if (value !== null && typeof value !== 'string') refuse(pointer, 'give text, or null to remove the header')
    if (control.test(String(value))) refuse(pointer, 'its value has a control character')
    try {
      requestHeaders({ [name]: String(value) }, headersOfEngine)
    } catch (error) {
      if (!(error instanceof ReservedHeaderError)) throw error
      refuse(pointer, error.reason)
    }
  }
}

function entriesOf(pointer: string, given: unknown): [string, unknown][] {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) refuse(pointer, 'give an object')
  return Object.entries(given)
}

const pointerToken = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')

/** What is merged may be larger than what was given: it is checked once more. */
export function checkMerged(
  metadata: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
): void {
  const names = Object.keys(metadata).length
  if (names > most.metadata) refuse('/metadata', `there would be ${names} values; have at most ${most.metadata}`)
  const headerNames = Object.keys(headers).length
  if (headerNames > most.headers)
    refuse('/headers', `there would be ${headerNames} headers; have at most ${most.headers}`)
  const bytes = Buffer.byteLength(Object.entries(headers).flat().join(''))
  if (bytes > most.headerBytes) refuse('/headers', `they would have ${bytes} bytes; have at most ${most.headerBytes}`)
}

/** RFC 7396: null removes a member. */
export function merged(
  before: Readonly<Record<string, string>>,
  change: Readonly<Record<string, string | null>> = {},
): Record<string, string> {
  const all = new Map(Object.entries(before))
  for (const [name, value] of Object.entries(change))
    if (value === null) all.delete(name)
    else all.set(name, value)
  return Object.fromEntries(all)
}

/** Names of headers are the same in any case (RFC 9110, section 5.1). */
export function lowerCaseNames<Value>(headers: Readonly<Record<string, Value>> = {}): Record<string, Value> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
