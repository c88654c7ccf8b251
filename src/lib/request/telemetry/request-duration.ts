import type { Histogram, MeterProvider } from '@opentelemetry/api'
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

/** The bounds that the semantic conventions of HTTP metrics advise, in seconds. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

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
      advice: { explicitBucketBoundaries: BOUNDS },
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
