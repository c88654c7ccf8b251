import type { DocsAccess } from '../../docs/access/docs-access.ts'
import type { DocsRequest, DocsRoute } from '../../docs/docs-route.ts'
import { parsePathTemplate } from '../../http/path-template.ts'
import { eventStream } from '../../operation/bodies/event-stream.ts'
import { compileOperation, type InheritedParts } from '../../operation/compiled/compiled-operation.ts'
import type { RequestContext } from '../../request/request-context.ts'
import { webResponse } from '../../request/web-response.ts'
import type { MethodRoute } from '../route-table.ts'

/** A body may hold a payload of 256 KiB as text in JSON. */
const BODY_LIMIT_BYTES = 1_048_576

const NOTHING: InheritedParts = {
  ...{ tags: [], deprecated: false, documented: false, responses: {}, callbacks: [], dependencies: [], webhooks: [] },
}

const OBJECT = { type: 'object' }
const ANY_OBJECT = {
  '~standard': {
    version: 1,
    vendor: 'ringback',
    validate: (value: unknown) => ({ value }),
    jsonSchema: { input: () => OBJECT, output: () => OBJECT },
  },
} as const

/**
 * A route of the console or the panel as an operation that no document has: `docs.authorize` is resolved, cleaned up and
 * heard as any other dependency.
 */
export function docsOperation(route: DocsRoute, access: DocsAccess): MethodRoute {
  const { method, path, asked, respond, events } = route
  const { authorize } = access
  const template = parsePathTemplate(path)
  const handler = (context: RequestContext & { readonly who?: unknown }) => {
    const view = context['~view']
    access.check(view, asked)
    const { who, signal } = context
    const request: DocsRequest = { view, who, signal, params: context.params as DocsRequest['params'] }
    return events === undefined ? respond!(request).then(plain => webResponse(plain, view.method)) : events(request)
  }
  const operation = compileOperation({
    ...{ method, template, operationId: `${method} ${path}`, inherited: NOTHING },
    definition: {
      bodyLimitBytes: BODY_LIMIT_BYTES,
      ...(authorize !== undefined && { dependencies: { who: authorize } }),
      ...(events !== undefined && { response: eventStream(ANY_OBJECT) }),
    },
    handler: handler as (context: object) => unknown,
    place: `${method.toUpperCase()} ${path}`,
  })
  return { kind: 'operation', method: method.toUpperCase(), template, operation }
}
