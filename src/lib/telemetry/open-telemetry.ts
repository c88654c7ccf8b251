import type { SpanContext } from '@opentelemetry/api'
import { once } from '../once.ts'

export type OpenTelemetry = typeof import('@opentelemetry/api')

/** Where version 1 of the API keeps what an SDK has registered: without that there is nobody to tell. */
const registered = Symbol.for('opentelemetry.js.api.1')

/** `@opentelemetry/api`, where it is installed and an SDK is at work. */
export const openTelemetry = (): OpenTelemetry | undefined => (registered in globalThis ? installed() : undefined)

const installed = once((): OpenTelemetry | undefined => {
  try {
    return process.getBuiltinModule('node:module').createRequire(import.meta.url)('@opentelemetry/api')
  } catch {
    return undefined
  }
})

/** The span that is active here, as the value of a `traceparent` header (W3C Trace Context, section 3.2). */
export function activeTraceParent(): string | undefined {
  const api = openTelemetry()
  const span = api?.trace.getSpanContext(api.context.active())
  if (api === undefined || span === undefined || !api.isSpanContextValid(span)) return undefined
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`
}

/** The span that a `traceparent` names; undefined for one that names none. */
export function spanContextOf(traceParent: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = traceParent?.match(/^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/) ?? []
  if (traceId === undefined || spanId === undefined) return undefined
  return { traceId, spanId, traceFlags: Number.parseInt(flags ?? '0', 16), isRemote: true }
}
