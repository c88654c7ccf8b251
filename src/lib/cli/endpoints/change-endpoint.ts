import type { EndpointChange } from '../../delivery/endpoints/endpoint.ts'
import { CommandError } from '../command-error.ts'
import { printJson, printLines } from '../terminal.ts'
import { timeText } from '../time-text.ts'
import { definite } from './definite.ts'
import { printEndpoint } from './show-endpoints.ts'
import { type EndpointsOptions, ofOwner, withEndpoints } from './with-endpoints.ts'

/** The values that `create` and `update` take. */
interface ValueOptions extends EndpointsOptions {
  readonly event?: readonly string[]
  readonly channel?: readonly string[]
  readonly description?: string
  readonly header?: readonly string[]
  readonly rate?: number | false
  readonly url?: string
}

function changeOf({ event, channel, description, header, rate, url }: ValueOptions): EndpointChange {
  return definite({
    ...{ events: event, channels: channel, description, url },
    headers: header && Object.fromEntries(header.map(headerOf)),
    ...(rate === false ? { ratePerSecond: null } : { ratePerSecond: rate }),
  }) as EndpointChange
}

function headerOf(text: string): [string, string | null] {
  const at = text.indexOf(':')
  if (at < 1) throw new CommandError('Write a header as "name: value", or as "name:" to remove it')
  return [text.slice(0, at), text.slice(at + 1).trim() || null]
}

/** `ringback endpoints create` */
export async function createEndpoint(url: string, options: ValueOptions): Promise<void> {
  const { owner } = ofOwner(options)
  if (typeof owner !== 'string') throw new CommandError('An endpoint belongs to one customer: give --owner <name>')
  const { events = ['*'], ...values } = changeOf(options)
  const created = await withEndpoints(options, ({ endpoints }) => endpoints.create({ ...values, owner, url, events }))
  printEndpoint(created, options)
}

/** `ringback endpoints update` */
export async function updateEndpoint(id: string, options: ValueOptions): Promise<void> {
  const of = ofOwner(options)
  const change = changeOf(options)
  printEndpoint(await withEndpoints(options, ({ endpoints }) => endpoints.update(id, change, of)), options)
}

/** `ringback endpoints delete` */
export async function deleteEndpoint(id: string, options: EndpointsOptions): Promise<void> {
  const of = ofOwner(options)
  await withEndpoints(options, ({ endpoints }) => endpoints.delete(id, of))
  if (options.json) printJson({ deleted: id })
  else printLines([`Deleted ${id}`])
}

/** `ringback endpoints enable` */
export async function enableEndpoint(
  id: string,
  options: EndpointsOptions & { readonly recoverSince?: number },
): Promise<void> {
  const of = { ...ofOwner(options), ...definite({ recoverSince: dateOf(options.recoverSince) }) }
  printEndpoint(await withEndpoints(options, ({ endpoints }) => endpoints.enable(id, of)), options)
}

/** `ringback endpoints disable` */
export async function disableEndpoint(id: string, options: EndpointsOptions): Promise<void> {
  const of = ofOwner(options)
  printEndpoint(await withEndpoints(options, ({ endpoints }) => endpoints.disable(id, of)), options)
}

/** `ringback endpoints rotate` */
export async function rotateEndpoint(
  id: string,
  options: EndpointsOptions & { readonly overlap?: number },
): Promise<void> {
  const of = { ...ofOwner(options), ...definite({ overlapSeconds: options.overlap }) }
  const { secret, secrets } = await withEndpoints(options, ({ endpoints }) => endpoints.rotateSecret(id, of))
  if (options.json) printJson({ secret, secrets })
  else printLines([secret])
}

/** `ringback endpoints test` */
export async function testEndpoint(id: string, options: EndpointsOptions & { readonly event: string }): Promise<void> {
  const of = { ...ofOwner(options), event: options.event }
  const result = await withEndpoints(options, ({ endpoints }) => endpoints.test(id, of))
  if (options.json) return printJson(result)
  printLines([`${result.detail} (${result.durationMs} ms, ${result.webhookId})`])
  if (result.outcome !== 'accepted') throw new CommandError('The endpoint did not accept the test')
}

/** `ringback endpoints recover` */
export async function recoverEndpoint(
  id: string,
  options: EndpointsOptions & {
    readonly since: number
    readonly until?: number
    readonly include?: 'failed' | 'missed' | 'all'
  },
): Promise<void> {
  const { since, until, include } = options
  const of = { ...ofOwner(options), since: new Date(since), ...definite({ until: dateOf(until), include }) }
  const recovery = await withEndpoints(options, ({ endpoints }) => endpoints.recover(id, of))
  if (options.json) return printJson(recovery)
  printLines([`Recovers what was sent from ${timeText(since)} on; the workers of the store do it`])
}

function dateOf(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time)
}
