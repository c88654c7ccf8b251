import type { ClaimOutagesRequest, EndOutagesRequest, UnhandledOutage } from '../../src/lib/delivery/delivery-store.ts'
import type { ModelDestination, ModelTables } from './model-tables.ts'

/** An outage of a destination, as the model keeps it. */
export interface ModelOutage {
  readonly since: number
  endedAt: number | undefined
  /** Whether it was told that it began. */
  told: boolean
  dueAt: number | undefined
  failures: number
}

/** An attempt failed. */
export function noteTrouble(destination: ModelDestination, now: number): void {
  if (destination.waiting.size === 0) return
  destination.troubleSince = Math.min(destination.troubleSince ?? now, now)
}

/** A 2xx came. */
export function endTrouble(destination: ModelDestination, now: number): void {
  if (destination.troubleSince === undefined) return
  destination.troubleSince = undefined
  const { outage } = destination
  if (outage === undefined || outage.endedAt !== undefined) return
  outage.endedAt = now
  outage.dueAt ??= now
}

/** Perhaps nothing waits any more. */
export function restTrouble(destination: ModelDestination): void {
  const isTold = destination.outage !== undefined && destination.outage.endedAt === undefined
  if (destination.waiting.size === 0 && !isTold) destination.troubleSince = undefined
}

export function claimOutages(tables: ModelTables, request: ClaimOutagesRequest): UnhandledOutage[] {
  const { now, afterMs, limit, leaseMs } = request
  const all = [...tables.origins.values()].flatMap(origin => [...origin.destinations.values()])
  const begun = all.filter(
    ({ troubleSince, outage, waiting }) =>
      troubleSince !== undefined && troubleSince <= now - afterMs && outage === undefined && waiting.size > 0,
  )
  begun.sort((a, b) => (a.troubleSince ?? 0) - (b.troubleSince ?? 0) || a.number - b.number)
  for (const destination of begun.slice(0, limit))
    destination.outage = {
      ...{ since: destination.troubleSince ?? now, dueAt: now },
      ...{ endedAt: undefined, told: false, failures: 0 },
    }
  const due = all.filter(({ outage }) => outage?.dueAt !== undefined && outage.dueAt <= now)
  due.sort((a, b) => (a.outage?.dueAt ?? 0) - (b.outage?.dueAt ?? 0) || a.number - b.number)
  return due.slice(0, limit).flatMap(({ origin, key, outage }) => {
    if (outage === undefined) return []
    outage.dueAt = now + leaseMs
    const [url, recipient] = JSON.parse(key) as [string, string | null]
    const { since, told, failures } = outage
    const place = { origin: origin.name, url, recipient: recipient ?? undefined }
    return [{ ...place, since, state: told ? 'ended' : 'began', endedAt: told ? outage.endedAt : undefined, failures }]
  })
}

export function endOutages(tables: ModelTables, { outages, now }: EndOutagesRequest): void {
  for (const { origin, url, recipient, since, state, againInMs } of outages) {
    const destination = tables.origins.get(origin)?.destinations.get(JSON.stringify([url, recipient]))
    const outage = destination?.outage
    if (destination === undefined || outage?.since !== since || outage.told !== (state === 'ended')) continue
    if (againInMs !== undefined) {
      outage.dueAt = now + againInMs
      outage.failures++
    } else if (state === 'began') {
      outage.told = true
      outage.failures = 0
      outage.dueAt = outage.endedAt === undefined ? undefined : now
    } else destination.outage = undefined
  }
}
