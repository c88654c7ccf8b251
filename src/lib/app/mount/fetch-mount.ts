import { DefinitionError } from '../../definition/definition-error.ts'
import { quoted } from '../../definition/quoted.ts'
import { isResponse } from '../../http/is-response.ts'
import type { PathTemplate } from '../../http/path-template.ts'
import type { RequestView } from '../../http/request-view.ts'
import { pathBelow } from './mount-path.ts'
import type { MountRoute } from './mount-route.ts'
import { MountedView } from './mounted-view.ts'

/** A web-standard handler, such as `fetch` of a Hono application. `env` is what the server passed beside the request. */
export type FetchHandler = (request: Request, env: unknown) => Response | Promise<Response>

/** What can be mounted beside a `Ringback` application: a handler, or an object whose `fetch` is one. */
export type Mountable = FetchHandler | { fetch(request: Request, env: unknown): Response | Promise<Response> }

/** The handler in what is to be mounted. Throws a `DefinitionError` where there is none. */
export function handlerOf(target: Mountable, path: string): FetchHandler {
  if (typeof target === 'function') return target
  if (typeof target?.fetch === 'function') return (request, env) => target.fetch(request, env)
  throw new DefinitionError(
    `What is mounted at "${path}" is ${quoted(target)}: give a Ringback application, or a function that takes a Request and returns a Response; fromNodeHandler of "ringback/node" makes one of a Node handler`,
  )
}

/** The route of a web-standard handler, which sees the path below its own. */
export function fetchMount(template: PathTemplate, handler: FetchHandler, bodyLimitBytes?: number): MountRoute {
  return {
    kind: 'mount',
    template,
    bodyLimitOf: () => bodyLimitBytes,
    async respond(outer: RequestView) {
      const view = new MountedView(outer, pathBelow(outer.path, template))
      const response: unknown = await handler(view.request, view.env)
      if (isResponse(response)) return response
      throw new TypeError(`What is mounted at "${template.text}" returned ${noResponse(response)}`)
    },
  }
}

/** What is wrong with it, and how to mend it: libraries that bring a web platform of their own along can be told not to. */
const noResponse = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'status' in value && 'headers' in value
    ? 'a Response of another implementation: let it use the one of the runtime, as GraphQL Yoga does with { fetchAPI: { Response } }'
    : 'no Response: return one'
