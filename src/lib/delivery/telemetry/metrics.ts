import type { BatchObservableCallback, Meter } from '@opentelemetry/api'
import type { Clock } from '../../clock.ts'
import { durationBoundsSeconds } from '../../telemetry/duration-bounds.ts'
import { openTelemetry } from '../../telemetry/open-telemetry.ts'
import type { DeliveryEmitter } from '../delivery-events.ts'
import type { DeliveryStats } from '../manage/delivery-stats.ts'

/** What is measured. */
export interface MeasuredEngine {
  readonly events: Pick<DeliveryEmitter, 'on'>
  readonly clock: Pick<Clock, 'now'>
  readonly deliveries: { stats(): Promise<DeliveryStats> }
}

/**
 * Reports to an OpenTelemetry meter, if one is registered, what this process does and how the store is doing. Names and
 * units follow the semantic conventions. No attribute holds a URL, a recipient or an id, because their number is
 * unlimited.
 */
export class Measuring {
  readonly #engine: MeasuredEngine
  #ends: readonly (() => void)[] = []

  constructor(engine: MeasuredEngine) {
    this.#engine = engine
  }

  begin(): void {
    this.end()
    const meter = openTelemetry()?.metrics.getMeter('ringback')
    if (meter !== undefined)
      this.#ends = [countAttempts, countSettled, observeStore].map(measure => measure(meter, this.#engine))
  }

  end(): void {
    for (const end of this.#ends) end()
    this.#ends = []
  }
}

function countAttempts(meter: Meter, { events }: MeasuredEngine): () => void {
  const duration = meter.createHistogram('ringback.attempt.duration', {
    description: 'Duration of attempts to deliver',
    unit: 's',
    advice: { explicitBucketBoundaries: durationBoundsSeconds },
  })
  return events.on('attempt.finished', ({ method, outcome, status, durationMs }) =>
    duration.record(durationMs / 1000, {
      'http.request.method': method,
      'ringback.attempt.outcome': outcome,
      ...(status !== undefined && { 'http.response.status_code': status }),
      ...(outcome !== 'accepted' && { 'error.type': status === undefined ? outcome : String(status) }),
    }),
  )
}

function countSettled(meter: Meter, { events }: MeasuredEngine): () => void {
  const settled = meter.createCounter('ringback.delivery.settled', {
    description: 'Deliveries that were settled by an attempt of this process',
    unit: '{delivery}',
  })
  return events.on('delivery.settled', ({ state }) => settled.add(1, { 'ringback.delivery.state': state }))
}

function observeStore(meter: Meter, { deliveries, clock }: MeasuredEngine): () => void {
  const gauge = (name: string, unit: string, description: string) =>
    meter.createObservableGauge(`ringback.${name}`, { unit, description })
  const waiting = gauge('delivery.waiting', '{delivery}', 'Deliveries that are to be sent')
  const oldest = gauge('delivery.oldest_due.age', 's', 'For how long the delivery has been due that has waited longest')
  const troubled = gauge(
    'destination.in_trouble',
    '{destination}',
    'Destinations that are slowed, or whose breaker is open',
  )
  const claim = gauge('worker.last_claim.age', 's', 'Time since a worker asked for work')
  const latency = gauge('store.latency', 's', 'How long the store took to respond')
  const observe: BatchObservableCallback = async result => {
    // A store that does not answer has nothing to report; the log says so.
    const found = await deliveries.stats().catch(() => undefined)
    if (found === undefined) return
    for (const [state, count] of Object.entries(found.waiting))
      result.observe(waiting, count, { 'ringback.delivery.state': state })
    for (const [state, count] of Object.entries(found.destinations))
      result.observe(troubled, count, { 'ringback.destination.state': state })
    result.observe(oldest, (found.oldestDueAgeMs ?? 0) / 1000)
    if (found.lastClaimAt !== undefined) result.observe(claim, Math.max(clock.now() - found.lastClaimAt, 0) / 1000)
    result.observe(latency, found.storeLatencyMs / 1000)
  }
  const observed = [waiting, oldest, troubled, claim, latency]
  meter.addBatchObservableCallback(observe, observed)
  return () => meter.removeBatchObservableCallback(observe, observed)
}
