/** A path segment with names inside of text: `{id}:archive`, `{name}.{ext}`. */
export interface MixedSegment {
  readonly kind: 'mixed'
  readonly names: readonly string[]
  /** The texts around the names, as they are sent: one more than there are names; empty only at the two ends. */
  readonly literals: readonly string[]
}

/**
 * Reads a segment with braces. Gives undefined where they do not match, or where there is no text between two names.
 */
export function parseMixedSegment(segment: string): MixedSegment | undefined {
  const names: string[] = []
  const literals: string[] = []
  let rest = segment
  for (let open = rest.indexOf('{'); open >= 0; open = rest.indexOf('{')) {
    const close = rest.indexOf('}', open)
    const name = rest.slice(open + 1, close)
    if (close < 0 || name === '' || /[{*]/.test(name) || (open === 0 && names.length > 0)) return undefined
    literals.push(rest.slice(0, open))
    names.push(name)
    rest = rest.slice(close + 1)
  }
  literals.push(rest)
  if (literals.some(literal => literal.includes('}'))) return undefined
  return { kind: 'mixed', names, literals: literals.map(asSent) }
}

/**
 * Percent-encoded as in a URL, such as `ö`. It is put between letters, since dots alone would be a step in the path.
 */
const asSent = (literal: string): string => new URL(`http://a/x${literal}x`).pathname.slice(2, -1)

/**
 * The texts of the names in a segment as it was sent, or undefined where it does not fit. The first name takes as much
 * as it can, and each takes at least one character. Texts are searched from the right, so that the time stays linear.
 */
export function matchMixedSegment({ names, literals }: MixedSegment, segment: string): string[] | undefined {
  const first = literals[0]!
  const last = literals.at(-1)!
  if (!segment.startsWith(first) || !segment.endsWith(last)) return undefined
  const texts: string[] = []
  let end = segment.length - last.length
  for (let index = names.length - 1; index > 0; index--) {
    const literal = literals[index]!
    const start = end - literal.length - 1
    const at = start < 0 ? -1 : segment.lastIndexOf(literal, start)
    if (at < 0) return undefined
    texts.unshift(segment.slice(at + literal.length, end))
    end = at
  }
  if (end <= first.length) return undefined
  texts.unshift(segment.slice(first.length, end))
  return texts
}

/** The length of a segment's literal text. A segment with more text is more concrete, and is tried first. */
export const textLengthOf = ({ literals }: MixedSegment): number => literals.join('').length

/** The same for segments that differ in names only. */
export const mixedShape = ({ literals }: MixedSegment): string => literals.join('{}')
