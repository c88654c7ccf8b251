import { cutText } from '../cut-text.ts'
import { HttpError } from '../http/http-error.ts'
import type { Answered, RequestView } from '../http/request-view.ts'
import type { AppRuntime } from '../request/app-runtime.ts'
import { answerToError } from '../request/error-handlers.ts'
import { runOperation } from '../request/run-operation.ts'
import type { RouteTable } from './route-table.ts'

/** How requests find their way: options of the application. */
export interface DispatchRules {
  readonly redirectSlashes: boolean
  readonly basePath: string
  /** Of requests that no operation answers. */
  readonly bodyLimitBytes: number
}

/** Answers any request: by its operation or page, or with a problem. Never throws. */
export async function dispatch(
  view: RequestView,
  routes: RouteTable,
  runtime: AppRuntime,
  rules: DispatchRules,
): Promise<Answered> {
  let operationId: string | undefined
  view.bodyLimitBytes = rules.bodyLimitBytes
  try {
    const match = routes.match(view.method, view.path)
    if (match === undefined) return withoutRoute(view, routes, rules)
    if (match.route.kind === 'page') return await match.route.answer(view)
    operationId = match.route.operation.operationId
    refuseOwnLoop(view, runtime)
    view.bodyLimitBytes = match.route.operation.bodyLimits.bodyLimitBytes
    return await runOperation(match.route.operation, view, match.path, runtime)
  } catch (error) {
    const fields = {
      method: view.method,
      path: view.path,
      ...(operationId !== undefined && { operation: operationId }),
    }
    return answerToError(error, runtime.errorHandlers, runtime.log, fields)
  }
}

/** RFC 8586: a callback that has come back to its own sender would go round for ever. */
function refuseOwnLoop(view: RequestView, { isOwnLoop }: AppRuntime): void {
  const cdnLoop = view.header('cdn-loop')
  if (cdnLoop !== undefined && isOwnLoop(cdnLoop))
    throw new HttpError(508, 'The request is a callback that this API sent to itself: it would loop')
}

function withoutRoute(view: RequestView, routes: RouteTable, rules: DispatchRules): Answered {
  const allowed = routes.methodsOf(view.path)
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
    rules.redirectSlashes &&
    !path.startsWith('//') &&
    other !== '' &&
    routes.match(view.method, other) !== undefined
  ) {
    const location = rules.basePath + other + (queryText === '' ? '' : `?${queryText}`)
    return { status: 307, headers: { location }, body: undefined }
  }
  throw new HttpError(404, 'There is nothing at this path')
}
