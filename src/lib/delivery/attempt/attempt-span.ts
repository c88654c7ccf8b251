import { type OpenTelemetry, openTelemetry, spanContextOf } from '../../telemetry/open-telemetry.ts'
import { maskUrl } from '../mask.ts'
import type { AttemptEnd, OpenedDelivery } from './run-attempt.ts'

/**
 * Runs an attempt in a client span of its own, linked to the span in which the delivery was sent. The span has no
 * parent: the request that caused the delivery may have ended days ago. Names and attributes follow the semantic
 * conventions for HTTP clients.
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
  const link = spanContextOf(delivery.traceParent)
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
