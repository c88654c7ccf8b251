import type { StoredEndpoint } from '../../delivery/endpoints/endpoint-store.ts'
import type { WebhookTargets } from '../../delivery/stored-delivery.ts'

/** What decides whether an endpoint gets a message. */
export type MatchedEndpoint = Pick<StoredEndpoint, 'id' | 'owner' | 'events' | 'channels' | 'createdAt'>

/** A message, as far as that decides who gets it. */
export interface MatchedMessage extends Omit<WebhookTargets, 'timestamp' | 'older'> {
  readonly event: string
}

/**
 * Whether an endpoint listens to a message. It gets one form of an event: the newest that it names. For `*` it gets the
 * one that was the newest when the endpoint was created, unless it names another form.
 */
export function endpointMatches(endpoint: MatchedEndpoint, message: MatchedMessage): boolean {
  const { owner, event, except, newer, chain, channels } = message
  if ((owner !== '' && owner !== endpoint.owner) || except === endpoint.id) return false
  if (endpoint.channels.length > 0 && !endpoint.channels.some(channel => channels.includes(channel))) return false
  const names = new Set(endpoint.events)
  const namesAny = (events: readonly string[]) => events.some(name => names.has(name))
  if (names.has(event)) return !namesAny(newer)
  const { createdAt } = endpoint
  return names.has('*') && createdAt >= message.starFrom && createdAt < message.starUntil && !namesAny(chain)
}
