import { cutText } from '../cut-text.ts'
import { HttpError } from '../http/http-error.ts'
import type { AnyResponse, RequestView } from '../http/request-view.ts'
import { bodyLimitOf } from '../operation/body-limits.ts'
import type { AppRuntime } from '../request/app-runtime.ts'
import { RequestErrorContext } from '../request/errors/request-error-context.ts'
import { responseToError } from '../request/errors/response-to-error.ts'
import { OperationRun } from '../request/operation-run.ts'
import { runOperation } from '../request/run-operation.ts'
import { nameRoute, noteFailure } from '../request/telemetry/server-span.ts'
import type { MountRoute } from './mount/mount-route.ts'
import { type Match, SOCKET_METHOD } from './route-table.ts'
import type { Routes } from './routes.ts'

/** Responds to any request, with its operation or page, or with a problem. Never throws. */
export async function dispatch(view: RequestView, routes: Routes, runtime: AppRuntime): Promise<AnyResponse> {
  let run: OperationRun | undefined
  view.bodyLimitBytes = routes.bodyLimitBytes
  try {
    const match = routes.table.match(view.method, view.path)
    if (match === undefined) return withoutRoute(view, routes)
    const { route, path } = match
    if (route.kind === 'mount') return await respondMounted(view, routes, route)
    nameRoute(routes.basePath, route.template)
    if (route.kind === 'page') return await route.respond(view)
    const { operation } = route
    run = new OperationRun(view, operation, path, runtime)
    refuseOwnLoop(view, runtime)
    view.bodyLimitBytes = bodyLimitOf(operation.bodyLimits, view)
    return await runOperation(run)
  } catch (error) {
    noteFailure(error)
    return responseToError(error, runtime, new RequestErrorContext(view, runtime, run))
  }
}

/** RFC 8586: a callback that has come back to its own sender would go round for ever. */
function refuseOwnLoop(view: RequestView, { sends, delivery }: AppRuntime): void {
  const cdnLoop = view.header('cdn-loop')
  if (cdnLoop !== undefined && sends && delivery.engine.isOwnLoop(cdnLoop))
    throw new HttpError(508, 'The request is a callback that this API sent to itself: it would loop')
}

/** What is mounted may have nothing for a request: then operations have the next word, and its last resort the last. */
async function respondMounted(view: RequestView, routes: Routes, route: MountRoute): Promise<AnyResponse> {
  nameRoute(routes.basePath, route.template)
  view.bodyLimitBytes = routes.limitOfMount(route, view)
  const response = await route.respond(view)
  if (response !== undefined) return response
  const redirect = otherMethodOrSlash(view, routes)
  return redirect ?? (await route.otherwise?.(view)) ?? nothing()
}

const withoutRoute = (view: RequestView, routes: Routes): AnyResponse => otherMethodOrSlash(view, routes) ?? nothing()

function nothing(): never {
  throw new HttpError(404, 'There is nothing at this path')
}

/** The redirect to the path with or without its last slash. Throws a 405 where only other methods are allowed. */
function otherMethodOrSlash(view: RequestView, routes: Routes): AnyResponse | undefined {
  const allowed = routes.table.methodsOf(view.path)
  if (isOperation(routes.table.match(SOCKET_METHOD, view.path))) refuseSocketPath(view, allowed)
  if (allowed.length > 0)
    throw new HttpError(
      405,
      `${cutText(view.method, 100)} is not allowed here: this path allows ${allowed.join(', ')}`,
      {
        headers: { allow: allowed.join(', ') },
      },
    )
  const { path, queryText } = view
  const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`
  // A path that begins with two slashes would make a Location on another host.
  if (
    routes.redirectSlashes &&
    !path.startsWith('//') &&
    other !== '' &&
    isOperation(routes.table.match(view.method, other))
  ) {
    const location = routes.basePath + other + (queryText === '' ? '' : `?${queryText}`)
    return { status: 307, headers: { location }, body: undefined }
  }
  return undefined
}

/** A request for a path that has a WebSocket. */
function refuseSocketPath({ method }: RequestView, allowed: string[]): void {
  if (method === 'GET' || method === 'HEAD')
    throw new HttpError(
      426,
      'This path is a WebSocket: connect with its protocol, as "new WebSocket(…)" does, through a server that can upgrade a connection',
      { headers: { upgrade: 'websocket', connection: 'upgrade' } },
    )
  if (!allowed.includes('GET')) allowed.push('GET')
}

const isOperation = (match: Match | undefined): boolean => match !== undefined && match.route.kind !== 'mount'
