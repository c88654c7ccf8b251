import { createRequire } from 'node:module'
import type { SpanContext } from '@opentelemetry/api'
import { once } from '../../once.ts'
import { maskUrl } from '../mask.ts'
import type { AttemptEnd, OpenedDelivery } from './run-attempt.ts'

type OpenTelemetry = typeof import('@opentelemetry/api')

/** Where version 1 of the API keeps what an SDK has registered: without that there is nobody to tell. */
const registered = Symbol.for('opentelemetry.js.api.1')

/** `@opentelemetry/api`, where it is installed and an SDK is at work. */
export const openTelemetry = (): OpenTelemetry | undefined => (registered in globalThis ? installed() : undefined)

const installed = once((): OpenTelemetry | undefined => {
  try {
    return createRequire(import.meta.url)('@opentelemetry/api')
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

/**
 * Runs an attempt in a client span of its own, linked to the span in which the delivery was sent. It has no parent: the
 * request that caused it may have ended days ago. Names and attributes after the semantic conventions of HTTP clients.
 */
export function inAttemptSpan(delivery: OpenedDelivery, attempt: () => Promise<AttemptEnd>): Promise<AttemptEnd> {
  const api = openTelemetry()
  return api === undefined ? attempt() : inSpan(api, delivery, attempt)
}

async function inSpan(
  api: OpenTelemetry,
  delivery: OpenedDelivery,
  attempt: () => Promise<AttemptEnd>,
): Promise<AttemptEnd> {
  const { trace, context, SpanKind, SpanStatusCode, ROOT_CONTEXT } = api
  const link = spanContext(delivery.traceParent)
  const span = trace.getTracer('ringback').startSpan(
    `${delivery.method} ${delivery.callback}`,
    {
      kind: SpanKind.CLIENT,
      attributes: attributesOf(delivery),
      links: link === undefined ? [] : [{ context: link }],
    },
    ROOT_CONTEXT,
  )
  const end = await context.with(trace.setSpan(ROOT_CONTEXT, span), attempt)
  span.setAttribute('ringback.attempt.outcome', end.outcome)
  if (end.response !== undefined) span.setAttribute('http.response.status_code', end.response.status)
  if (end.outcome !== 'accepted') {
    span.setAttribute('error.type', end.response === undefined ? end.outcome : String(end.response.status))
    span.setStatus({ code: SpanStatusCode.ERROR })
  }
  span.end()
  return end
}

function attributesOf({ id, operation, callback, method, url, attemptNumber }: OpenedDelivery) {
  const { hostname, port, protocol } = URL.parse(url) ?? { hostname: '', port: '', protocol: '' }
  return {
    'http.request.method': method,
    'url.full': maskUrl(url),
    'server.address': hostname,
    'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
    ...(attemptNumber > 1 && { 'http.request.resend_count': attemptNumber - 1 }),
    'ringback.delivery.id': id,
    'ringback.operation': operation,
    'ringback.callback': callback,
  }
}

function spanContext(traceParent: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = traceParent?.match(/^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/) ?? []
  if (traceId === undefined || spanId === undefined) return undefined
  return { traceId, spanId, traceFlags: Number.parseInt(flags ?? '0', 16), isRemote: true }
}
