import type {
  DestinationState,
  DestinationsChange,
  DestinationsPage,
  DestinationsQuery,
  StoredDestination,
} from '../../src/lib/delivery/isolation/stored-destination.ts'
import { type ModelDestination, type ModelTables, refresh, refreshOrigin } from './model-tables.ts'

export function changeDestinations(tables: ModelTables, request: DestinationsChange): number {
  const { origin: name, url, recipient, isBeginning, change, now } = request
  const isKept = change.kind === 'pause' || (change.kind === 'rate' && change.ratePerSecond !== undefined)
  if (isKept && !isBeginning) tables.enter({ origin: name, destination: url, recipient }).deliveries--
  const origin = tables.origins.get(name)
  if (origin === undefined) return 0
  const meant = [...origin.destinations.values()].filter(
    destination =>
      (isBeginning ? destination.url.startsWith(url) : destination.url === url) &&
      (recipient === undefined || destination.recipient === recipient),
  )
  for (const destination of meant) {
    if (change.kind === 'pause') destination.pause = { at: now, reason: change.reason, by: change.by }
    else if (change.kind === 'rate') destination.rate = change.ratePerSecond
    else {
      destination.pause = undefined
      close(destination)
    }
  }
  if (change.kind === 'resume') close(origin)
  for (const destination of meant) refresh(destination, now)
  refreshOrigin(origin, now)
  if (!isKept) for (const destination of meant) tables.forget(destination)
  return meant.length
}

function close(place: Pick<ModelDestination, 'breaker'>): void {
  const { probe, pausedUntil } = place.breaker
  const kept = { probe, pausedUntil: probe === undefined ? 0 : pausedUntil }
  place.breaker = { ...kept, state: 'closed', failures: 0, failingSince: 0, pauseMs: 0 }
}

export function listDestinations(tables: ModelTables, query: DestinationsQuery): DestinationsPage {
  const { state, text, cursor = Number.POSITIVE_INFINITY, limit, now } = query
  const found = [...tables.origins.values()]
    .flatMap(({ destinations }) => [...destinations.values()])
    .filter(({ number }) => number < Number(cursor))
    .sort((a, b) => b.number - a.number)
    .filter(({ url, recipient = '' }) => text === undefined || url.includes(text) || recipient.includes(text))
    .filter(destination => state === undefined || stateOf(destination) === state)
  const page = found.slice(0, limit)
  return {
    items: page.map(destination => stored(tables, destination, now)),
    nextCursor: found.length > limit ? String(page.at(-1)?.number) : undefined,
  }
}

function stateOf({ pause, breaker, origin }: ModelDestination): DestinationState {
  const states = [breaker.state, origin.breaker.state]
  if (pause !== undefined) return 'paused'
  if (states.includes('open')) return 'open'
  return states.includes('slowed') ? 'slowed' : 'healthy'
}

function stored(tables: ModelTables, destination: ModelDestination, now: number): StoredDestination {
  const { url, recipient, breaker, origin, pause, rate, lastSuccessAt } = destination
  const paused = [breaker, origin.breaker].filter(({ state }) => state !== 'closed')
  const until = Math.max(...paused.map(({ pausedUntil }) => pausedUntil), 0)
  const waiting = tables.all().filter(each => each.destination === destination && each.state === 'scheduled')
  return {
    url,
    recipient,
    state: stateOf(destination),
    failures: breaker.failures,
    originFailures: origin.breaker.failures,
    pausedUntil: until > now ? until : undefined,
    pause,
    ratePerSecond: rate,
    waiting: waiting.length,
    oldestWaitingAt: waiting[0]?.createdAt,
    lastSuccessAt,
  }
}
