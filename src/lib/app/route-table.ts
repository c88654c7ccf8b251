import { TrieRouter } from 'hono/router/trie-router'
import { decodePathSegment } from '../http/decode-path.ts'
import { comparePathTemplates, type PathTemplate } from '../http/path-template.ts'
import type { Answered, RequestView } from '../http/request-view.ts'
import type { CompiledOperation } from '../operation/compiled-operation.ts'

/** What a path and method lead to: an operation, or a page of ours such as the document. */
export type Route =
  | { readonly kind: 'operation'; readonly template: PathTemplate; readonly operation: CompiledOperation }
  | {
      readonly kind: 'page'
      readonly template: PathTemplate
      readonly answer: (view: RequestView) => Answered | Promise<Answered>
    }

/** A route with the texts that its path template's names have in one path, decoded. */
export interface Match {
  readonly route: Route
  readonly path: Readonly<Record<string, string>>
}

/** Finds the route of a request. Paths that are more concrete come first, whatever the order of registration. */
export interface RouteTable {
  match(method: string, path: string): Match | undefined
  /** The methods that a path has, in upper case: what `Allow` says. Empty where the path is unknown. */
  methodsOf(path: string): string[]
}

type RouteWithMethod = Route & { readonly method: string }

/** Prepares the finding of routes. `HEAD` finds what `GET` does unless it has a route of its own. */
export function createRouteTable(routes: readonly RouteWithMethod[]): RouteTable {
  const router = new TrieRouter<Route>()
  const methods = new Set<string>()
  for (const { method, ...route } of routes.toSorted((a, b) => comparePathTemplates(a.template, b.template))) {
    methods.add(method)
    router.add(method, routerPath(route.template), route)
  }
  if (methods.has('GET')) methods.add('HEAD')
  const find = (method: string, path: string): Match | undefined => {
    const [first] = router.match(method, path)[0]
    return first === undefined ? undefined : { route: first[0], path: namedTexts(first[0].template, first[1], path) }
  }
  const match = (method: string, path: string): Match | undefined =>
    find(method, path) ?? (method === 'HEAD' ? find('GET', path) : undefined)
  return { match, methodsOf: path => [...methods].filter(method => match(method, path) !== undefined) }
}

/** The template in the router's own notation; names are numbered, since OpenAPI allows more characters in them. */
function routerPath({ segments }: PathTemplate): string {
  const parts = segments.map((segment, index) =>
    segment.kind === 'literal' ? segment.text : `:${index}${segment.kind === 'rest' ? '{.+}' : ''}`,
  )
  return `/${parts.join('/')}`
}

function namedTexts(
  template: PathTemplate,
  found: Readonly<Record<string, unknown>>,
  path: string,
): Record<string, string> {
  const texts: Record<string, string> = {}
  if (template.names.length === 0) return texts
  for (const [index, segment] of template.segments.entries()) {
    if (segment.kind === 'literal') continue
    const text = segment.kind === 'rest' ? restOf(path, index) : String(found[index])
    texts[segment.name] = decodePathSegment(text)
  }
  return texts
}

const restOf = (path: string, index: number): string =>
  path
    .split('/')
    .slice(index + 1)
    .join('/')
