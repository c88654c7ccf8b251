import type { UrlPart } from '../../document/message/url-template-of.ts'
import type { MessageRoute } from './message-route.ts'

/** The routes that a request may be for, the most likely first; `methods` are those of its path where none has its own. */
export interface MatchedRoutes {
  readonly routes: readonly MessageRoute[]
  readonly otherMethods: readonly string[]
}

/**
 * Finds routes by method and path. Any path may stand before that of a route: it is that of the base URL which the receiver
 * gave. A base that ends in the name of a callback means that one.
 */
export function matchRoutes(routes: readonly MessageRoute[], method: string, path: string): MatchedRoutes {
  const segments = segmentsOf(path)
  const fitting = routes.flatMap(route => {
    const length = lengthOfMatch(route.after, segments)
    if (length === undefined) return []
    const before = segments.slice(0, segments.length - length).at(-1)
    const [name = ''] = route.outgoing.name.split('.').slice(-1)
    return { route, length, isNamed: before === name, depth: route.outgoing.depth }
  })
  const ranked = fitting
    .toSorted((a, b) => Number(b.isNamed) - Number(a.isNamed) || b.length - a.length || a.depth - b.depth)
    .map(({ route }) => route)
  const [same, other] = [ranked.filter(isOf(method)), ranked.filter(route => !isOf(method)(route))]
  return { routes: same, otherMethods: [...new Set(other.map(({ outgoing }) => outgoing.method.toUpperCase()))] }
}

const isOf =
  (method: string) =>
  ({ outgoing }: MessageRoute): boolean =>
    outgoing.method === method.toLowerCase()

const segmentsOf = (path: string): string[] => path.split('/').filter(segment => segment !== '')

/** How many segments at the end of a path are those of a route; undefined where they are not. */
function lengthOfMatch(after: readonly UrlPart[], segments: readonly string[]): number | undefined {
  const patterns = patternsOf(after)
  const last = segments.slice(segments.length - patterns.length)
  if (segments.length < patterns.length) return undefined
  return patterns.every((pattern, index) => fits(pattern, last[index]!)) ? patterns.length : undefined
}

/** The segments of a path, each a list of texts between which any value stands. */
function patternsOf(after: readonly UrlPart[]): string[][] {
  const patterns: string[][] = [['']]
  for (const part of after) {
    if ('name' in part) {
      patterns.at(-1)!.push('')
      continue
    }
    const [path = ''] = part.text.split('?')
    const [first = '', ...others] = path.split('/')
    const pattern = patterns.at(-1)!
    pattern.push(pattern.pop()! + first)
    for (const text of others) patterns.push([text])
    if (path !== part.text) break
  }
  return patterns.filter(pattern => pattern.length > 1 || pattern[0] !== '')
}

/** One value in a segment is the usual; of several, each takes as little as it can. */
function fits(pattern: readonly string[], segment: string): boolean {
  const [first = '', ...others] = pattern
  if (others.length === 0) return segment === first
  if (!segment.startsWith(first)) return false
  let at = first.length
  for (const [index, text] of others.entries()) {
    const found = index === others.length - 1 ? segment.length - text.length : segment.indexOf(text, at + 1)
    if (found <= at || !segment.endsWith(others.at(-1)!)) return false
    at = found + text.length
  }
  return at === segment.length
}
