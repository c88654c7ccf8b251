import type { Histogram, MeterProvider } from '@opentelemetry/api'
import { durationBoundsSeconds } from '../../telemetry/duration-bounds.ts'
import type { OpenTelemetry } from '../../telemetry/open-telemetry.ts'

/** What is said of a request beside its duration. */
export interface EndedRequest {
  readonly method: string
  readonly scheme: string
  readonly route: string | undefined
  readonly status: number
}

/** One histogram for each provider: whoever registers one later gets its own. */
const histograms = new WeakMap<MeterProvider, Histogram>()

/** Adds one request to `http.server.request.duration`. */
export function recordDuration(
  { metrics }: OpenTelemetry,
  seconds: number,
  { method, scheme, route, status }: EndedRequest,
): void {
  const provider = metrics.getMeterProvider()
  const histogram =
    histograms.get(provider) ??
    provider.getMeter('ringback').createHistogram('http.server.request.duration', {
      description: 'Duration of HTTP server requests',
      unit: 's',
      advice: { explicitBucketBoundaries: durationBoundsSeconds },
    })
  histograms.set(provider, histogram)
  histogram.record(seconds, {
    'http.request.method': method,
    'url.scheme': scheme,
    'http.response.status_code': status,
    ...(route !== undefined && { 'http.route': route }),
    ...(status >= 500 && { 'error.type': String(status) }),
  })
}
