import { comparablePathSegment } from '../http/decode-path.ts'
import { type MixedSegment, matchMixedSegment, mixedShape, textLengthOf } from '../http/mixed-segment.ts'
import type { PathTemplate } from '../http/path-template.ts'
import type { AnyResponse, RequestView } from '../http/request-view.ts'
import type { CompiledOperation } from '../operation/compiled/compiled-operation.ts'
import type { MountRoute } from './mount/mount-route.ts'

/** What a path and method lead to: an operation, a page of Ringback's own such as the document, or what is mounted there. */
export type Route =
  | MountRoute
  | { readonly kind: 'operation'; readonly template: PathTemplate; readonly operation: CompiledOperation }
  | {
      readonly kind: 'page'
      readonly template: PathTemplate
      readonly respond: (view: RequestView) => AnyResponse | Promise<AnyResponse>
    }

/** The handshakes of WebSockets have a table of their own: no request can have a method with a space. */
export const SOCKET_METHOD = 'GET websocket'

/** A route with the values of its path template's names in one path, as they were sent. */
export interface Match {
  readonly route: Route
  readonly path: Readonly<Record<string, string>>
}

/** Finds the route of a request. Paths that are more concrete come first, whatever the order of registration. */
export interface RouteTable {
  match(method: string, path: string): Match | undefined
  /** The methods of a path in upper case, for `Allow`. Empty where the path is unknown, or only below a mount. */
  methodsOf(path: string): string[]
}

/** A route of one method. */
export type MethodRoute = Exclude<Route, MountRoute> & { readonly method: string }

/** One node of the tree of all templates, with the segments that may follow. */
interface RouteNode {
  readonly literals: Map<string, RouteNode>
  /** Segments with names inside of text, the longest text first; undefined where there are none. */
  mixed: MixedNode[] | undefined
  name: RouteNode | undefined
  /** The routes that take whatever follows, by method. */
  readonly rest: Map<string, Route>
  /** The routes that end here, by method. */
  readonly ends: Map<string, Route>
  /** What is mounted here: it takes every method, and what follows. */
  mount: MountRoute | undefined
}

interface MixedNode {
  readonly segment: MixedSegment
  readonly node: RouteNode
}

const newNode = (): RouteNode => ({
  literals: new Map(),
  mixed: undefined,
  name: undefined,
  rest: new Map(),
  ends: new Map(),
  mount: undefined,
})

/** Compiles the lookup of routes. `HEAD` finds the route of `GET` unless it has its own. */
export function createRouteTable(routes: readonly MethodRoute[], mounts: readonly MountRoute[] = []): RouteTable {
  const root = newNode()
  const methods = new Set(['GET', 'HEAD'])
  for (const { method, ...route } of routes) {
    methods.add(method)
    const ending = endOf(root, route.template)
    if (!ending.has(method)) ending.set(method, route)
  }
  for (const mount of mounts) mountNode(root, mount.template).mount = mount
  const match = (method: string, path: string): Match | undefined => {
    const segments = segmentsOf(path)
    const own = find(root, segments, 0, method)
    const route = method === 'HEAD' && isMountOrNone(own) ? find(root, segments, 0, 'GET') : own
    return route === undefined ? undefined : { route, path: namedTexts(route.template, segments) }
  }
  methods.delete(SOCKET_METHOD)
  return { match, methodsOf: path => [...methods].filter(method => !isMountOrNone(match(method, path)?.route)) }
}

const isMountOrNone = (route: Route | undefined): boolean => route === undefined || route.kind === 'mount'

function mountNode(root: RouteNode, { segments }: PathTemplate): RouteNode {
  let node = root
  for (const segment of segments) if (segment.kind === 'literal') node = literalNode(node, segment.text)
  return node
}

/** The routes at the end of a template. Missing nodes on the way are added. */
function endOf(root: RouteNode, { segments }: PathTemplate): Map<string, Route> {
  let node = root
  for (const segment of segments) {
    if (segment.kind === 'rest') return node.rest
    if (segment.kind === 'name') node = node.name ??= newNode()
    else if (segment.kind === 'mixed') node = mixedNode(node, segment)
    else node = literalNode(node, segment.text)
  }
  return node.ends
}

function literalNode(node: RouteNode, literal: string): RouteNode {
  const text = comparablePathSegment(literal)
  const next = node.literals.get(text) ?? newNode()
  node.literals.set(text, next)
  return next
}

function mixedNode(node: RouteNode, segment: MixedSegment): RouteNode {
  node.mixed ??= []
  const known = node.mixed.find(mixed => mixedShape(mixed.segment) === mixedShape(segment))
  if (known !== undefined) return known.node
  const made = { segment, node: newNode() }
  node.mixed.push(made)
  node.mixed.sort((a, b) => textLengthOf(b.segment) - textLengthOf(a.segment))
  return made.node
}

/** Like `split`, in a third of the time. */
function segmentsOf(path: string): string[] {
  const segments: string[] = []
  let start = 1
  for (let end = path.indexOf('/', start); end >= 0; end = path.indexOf('/', start)) {
    segments.push(path.slice(start, end))
    start = end + 1
  }
  segments.push(path.slice(start))
  return segments
}

/** The most concrete route (OpenAPI 3.1.1, "Path Templating Matching"): literal text before a name, a name with text around it before one alone, a name before the rest, and all of these before what is mounted in the same place. */
function find(node: RouteNode, segments: readonly string[], index: number, method: string): Route | undefined {
  const segment = segments[index]
  if (segment === undefined) return node.ends.get(method) ?? node.mount
  const literal = node.literals.get(comparablePathSegment(segment))
  const found = literal && find(literal, segments, index + 1, method)
  if (found !== undefined) return found
  if (segment === '' && index === segments.length - 1) return node.mount
  const mixed = node.mixed && findMixed(node.mixed, segments, index, method)
  if (mixed !== undefined) return mixed
  const named = segment === '' || node.name === undefined ? undefined : find(node.name, segments, index + 1, method)
  return named ?? node.rest.get(method) ?? node.mount
}

function findMixed(
  list: readonly MixedNode[],
  segments: readonly string[],
  index: number,
  method: string,
): Route | undefined {
  for (const { segment, node } of list) {
    if (matchMixedSegment(segment, segments[index]!) === undefined) continue
    const found = find(node, segments, index + 1, method)
    if (found !== undefined) return found
  }
  return undefined
}

function namedTexts(template: PathTemplate, segments: readonly string[]): Record<string, string> {
  const texts: Record<string, string> = {}
  if (template.names.length === 0) return texts
  for (let index = 0; index < template.segments.length; index++) {
    const segment = template.segments[index]!
    if (segment.kind === 'name') texts[segment.name] = segments[index]!
    else if (segment.kind === 'mixed') {
      const found = matchMixedSegment(segment, segments[index]!) ?? []
      for (const [place, name] of segment.names.entries()) texts[name] = found[place]!
    } else if (segment.kind === 'rest') texts[segment.name] = segments.slice(index).join('/')
  }
  return texts
}
