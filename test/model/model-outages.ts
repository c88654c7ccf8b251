import type {
  ClaimOutagesRequest,
  EndOutagesRequest,
  UnhandledOutage,
} from '../../src/lib/delivery/handlers/handler-requests.ts'

/** An outage of a destination, as the model keeps it. */
export interface ModelOutage {
  readonly since: number
  endedAt: number | undefined
  /** Whether it was told that it began. */
  told: boolean
  dueAt: number | undefined
  failures: number
}

/** What the model knows of the trouble of a destination. */
export interface ModelTrouble {
  readonly number: number
  readonly key: string
  readonly origin: { readonly name: string }
  readonly waiting: { readonly size: number }
  /** An operator's. */
  readonly pause: unknown
  /** Since when attempts have failed without a 2xx, while something waited. */
  troubleSince: number | undefined
  outage: ModelOutage | undefined
}

/** An attempt failed. */
export function noteTrouble(destination: ModelTrouble, now: number): void {
  if (destination.waiting.size === 0) return
  destination.troubleSince = Math.min(destination.troubleSince ?? now, now)
}

/** A 2xx came. */
export function endTrouble(destination: ModelTrouble, now: number): void {
  if (destination.troubleSince === undefined) return
  destination.troubleSince = undefined
  const { outage } = destination
  if (outage === undefined || outage.endedAt !== undefined) return
  outage.endedAt = now
  outage.dueAt ??= now
}

/** Perhaps nothing waits any more. */
export function restTrouble(destination: ModelTrouble): void {
  const isTold = destination.outage !== undefined && destination.outage.endedAt === undefined
  if (destination.waiting.size === 0 && !isTold) destination.troubleSince = undefined
}

export function claimOutages(
  all: readonly ModelTrouble[],
  request: ClaimOutagesRequest & { readonly sends: boolean },
): UnhandledOutage[] {
  const { now, afterMs, limit, leaseMs, sends } = request
  const begun = all.filter(
    ({ troubleSince, outage, waiting, pause }) =>
      sends &&
      pause === undefined &&
      troubleSince !== undefined &&
      troubleSince <= now - afterMs &&
      outage === undefined &&
      waiting.size > 0,
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

export function endOutages(all: readonly ModelTrouble[], { outages, now }: EndOutagesRequest): void {
  for (const { origin, url, recipient, since, state, againInMs } of outages) {
    const key = JSON.stringify([url, recipient])
    const destination = all.find(each => each.origin.name === origin && each.key === key)
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
