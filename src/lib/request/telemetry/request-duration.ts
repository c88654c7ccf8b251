import type { Attributes, Histogram, MeterProvider } from '@opentelemetry/api'
import { durationBoundsSeconds } from '../../telemetry/duration-bounds.ts'
import type { OpenTelemetry } from '../../telemetry/open-telemetry.ts'

/** One histogram for each provider: whoever registers one later gets its own. */
const histograms = new WeakMap<MeterProvider, Histogram>()

/** Adds one request to `http.server.request.duration`. */
export function recordDuration({ metrics }: OpenTelemetry, seconds: number, attributes: Attributes): void {
  const provider = metrics.getMeterProvider()
  const histogram =
    histograms.get(provider) ??
    provider.getMeter('ringback').createHistogram('http.server.request.duration', {
      description: 'Duration of HTTP server requests',
      unit: 's',
      advice: { explicitBucketBoundaries: durationBoundsSeconds },
    })
  histograms.set(provider, histogram)
  histogram.record(seconds, attributes)
}
