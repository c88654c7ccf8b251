import { receiverTarget } from '../expression/receiver-target.ts'
import { percentDecode } from '../url/percent-decode.ts'

/** The path values of a request, percent-encoded as they were sent; undefined where the path is another. */
export type MatchPath = (pathname: string) => Readonly<Record<string, string>> | undefined

/**
 * Compiles the path of a callback's URL. It is compared from its end, since only whoever gave the base knows what stands
 * before it, and an Express router may have removed that.
 */
export function compileMatchPath(url: string): MatchPath {
  const { path } = receiverTarget(url)
  if (path === '') return () => ({})
  const wanted = path.slice(1).split('/').map(compileSegment)
  return pathname => {
    const segments = pathname.split('/').slice(1)
    const last = segments.slice(Math.max(0, segments.length - wanted.length))
    if (last.length < wanted.length) return undefined
    const values: Record<string, string> = {}
    return wanted.every((matches, index) => matches(last[index]!, values)) ? values : undefined
  }
}

type MatchSegment = (text: string, values: Record<string, string>) => boolean

/** Text and names in turns: `invoice-{id}.pdf`. Each name takes as little as the text behind it allows. */
function compileSegment(segment: string): MatchSegment {
  const pieces = segment.split(/\{([^{}]*)\}/)
  const literals = pieces.filter((_, index) => index % 2 === 0).map(percentDecode)
  const names = pieces.filter((_, index) => index % 2 === 1)
  return (text, values) => {
    if (names.length === 0) return percentDecode(text) === literals[0]
    if (!text.startsWith(literals[0]!)) return false
    let at = literals[0]!.length
    for (const [index, name] of names.entries()) {
      const literal = literals[index + 1]!
      const isLast = index === names.length - 1
      const end = isLast ? text.length - literal.length : text.indexOf(literal, at + 1)
      if (end <= at || !text.startsWith(literal, end)) return false
      values[name] = text.slice(at, end)
      at = end + literal.length
    }
    return true
  }
}
