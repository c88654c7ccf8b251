import type { Attributes, Context, Span, TextMapGetter } from '@opentelemetry/api'
import { documentPath, type PathTemplate } from '../../http/path-template.ts'
import type { AnyResponse, RequestView } from '../../http/request-view.ts'
import { type OpenTelemetry, openTelemetry, spanContextOf } from '../../telemetry/open-telemetry.ts'
import { recordDuration } from './request-duration.ts'

/** The request that is being traced, as the parts of it below find it. */
interface TracedRequest {
  readonly span: Span
  readonly method: string
  route: string | undefined
  failure: unknown
}

/** One symbol for all: a key of OpenTelemetry's own is made anew by each copy of its API. */
const KEY = Symbol.for('ringback.request')

/**
 * Runs a request in a server span of its own and notes how long it took. Its parent is the span that the client names.
 * Names and attributes after the semantic conventions of HTTP servers. Where nobody listens it only runs.
 */
export function inServerSpan<R extends AnyResponse>(viewOf: () => RequestView, respond: () => Promise<R>): Promise<R> {
  const api = openTelemetry()
  return api === undefined || isTraced(api) ? respond() : traced(api, viewOf(), respond)
}

/** Another instrumentation has made the server span of this request, and we ourselves make one of it only. */
function isTraced(api: OpenTelemetry): boolean {
  const active = api.context.active()
  if (active.getValue(KEY) !== undefined) return true
  const span = api.trace.getSpan(active) as { readonly kind?: number } | undefined
  return span?.kind === api.SpanKind.SERVER
}

async function traced<R extends AnyResponse>(
  api: OpenTelemetry,
  view: RequestView,
  respond: () => Promise<R>,
): Promise<R> {
  const { trace, context, SpanKind } = api
  const started = performance.now()
  const method = METHODS.has(view.method) ? view.method : '_OTHER'
  const parent = parentOf(api, view)
  const span = trace
    .getTracer('ringback')
    .startSpan(nameOf(method, undefined), { kind: SpanKind.SERVER, attributes: attributesOf(view, method) }, parent)
  const request: TracedRequest = { span, method, route: undefined, failure: undefined }
  const response = await context.with(trace.setSpan(parent, span).setValue(KEY, request), respond)
  end(api, request, response.status)
  recordDuration(api, (performance.now() - started) / 1_000, endedAttributes(view, request, response.status))
  return response
}

/** Says which route the request has, once that is known. */
export function nameRoute(basePath: string, template: PathTemplate): void {
  const api = openTelemetry()
  if (api === undefined) return
  const route = basePath + documentPath(template)
  const request = tracedRequest(api)
  if (request !== undefined) request.route = route
  const span = request?.span ?? serverSpanOfAnother(api)
  const method = request?.method
  span?.setAttribute('http.route', route)
  if (method !== undefined) span?.updateName(nameOf(method, route))
}

/** Notes what went wrong, for a response that says so. */
export function noteFailure(error: unknown): void {
  const api = openTelemetry()
  const request = api && tracedRequest(api)
  if (request !== undefined) request.failure = error
}

const tracedRequest = (api: OpenTelemetry): TracedRequest | undefined =>
  api.context.active().getValue(KEY) as TracedRequest | undefined

function serverSpanOfAnother(api: OpenTelemetry): Span | undefined {
  const span = api.trace.getActiveSpan()
  return (span as { readonly kind?: number } | undefined)?.kind === api.SpanKind.SERVER ? span : undefined
}

function end({ SpanStatusCode }: OpenTelemetry, { span, failure }: TracedRequest, status: number): void {
  span.setAttribute('http.response.status_code', status)
  // A client's mistake is not one of the server (semantic conventions of HTTP, "Status").
  if (status >= 500) {
    span.setAttribute('error.type', String(status))
    span.setStatus({ code: SpanStatusCode.ERROR })
    if (failure instanceof Error) span.recordException(failure)
  }
  span.end()
}

/** RFC 9110, section 9, and PATCH: anybody may send any other word, which would be a name of its own. */
const METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
])

const nameOf = (method: string, route: string | undefined): string =>
  `${method === '_OTHER' ? 'HTTP' : method}${route === undefined ? '' : ` ${route}`}`

const HEADERS: TextMapGetter<RequestView> = {
  get: (view, name) => view.header(name.toLowerCase()),
  keys: () => ['traceparent', 'tracestate', 'baggage'],
}

/** What the registered propagator reads; where none is registered, the header of W3C Trace Context. */
function parentOf({ context, propagation, trace }: OpenTelemetry, view: RequestView): Context {
  const extracted = propagation.extract(context.active(), view, HEADERS)
  if (trace.getSpanContext(extracted) !== undefined) return extracted
  const named = spanContextOf(view.header('traceparent'))
  return named === undefined ? extracted : trace.setSpanContext(extracted, named)
}

/** What is said of a request beside its duration. */
const endedAttributes = (view: RequestView, { method, route }: TracedRequest, status: number): Attributes => ({
  'http.request.method': method,
  'url.scheme': schemeOf(view),
  'http.response.status_code': status,
  ...(route !== undefined && { 'http.route': route }),
  ...(status >= 500 && { 'error.type': String(status) }),
})

const schemeOf = ({ url }: RequestView): string => url.slice(0, Math.max(0, url.indexOf(':')))

/** Without the query, which may hold the credentials of a callback URL. */
function attributesOf(view: RequestView, method: string): Attributes {
  const { hostname = '', port = '' } = URL.parse(view.url) ?? {}
  const scheme = schemeOf(view)
  const { clientAddress } = view
  const agent = view.header('user-agent')
  return {
    'http.request.method': method,
    ...(method === '_OTHER' && { 'http.request.method_original': view.method.slice(0, 100) }),
    'url.scheme': scheme,
    'url.path': view.path,
    'server.address': hostname,
    'server.port': Number(port) || (scheme === 'https' ? 443 : 80),
    ...(clientAddress !== undefined && { 'client.address': clientAddress }),
    ...(agent !== undefined && { 'user_agent.original': agent }),
  }
}
