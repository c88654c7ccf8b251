import { parseAccept } from 'hono/utils/accept'

/** A compressed form of a file, which stands beside it under its name with an ending. */
export interface ContentEncoding {
  readonly name: 'br' | 'gzip'
  readonly ending: '.br' | '.gz'
}

/** The smaller ones first. */
const ENCODINGS: readonly ContentEncoding[] = [
  { name: 'br', ending: '.br' },
  { name: 'gzip', ending: '.gz' },
]

/**
 * The encodings that a client takes, by its `Accept-Encoding` (RFC 9110, section 12.5.3): what it likes best first, and of
 * equals the smaller one. None where it prefers the file as it is, or says nothing.
 */
export function acceptedEncodings(header: string | undefined): ContentEncoding[] {
  const wishes = new Map(parseAccept(header ?? '').map(({ type, q }) => [type.toLowerCase(), q]))
  const qualityOf = (name: string): number => wishes.get(name) ?? wishes.get('*') ?? 0
  const least = wishes.get('identity') ?? 0
  return ENCODINGS.filter(({ name }) => qualityOf(name) > 0 && qualityOf(name) >= least).toSorted(
    (a, b) => qualityOf(b.name) - qualityOf(a.name),
  )
}
