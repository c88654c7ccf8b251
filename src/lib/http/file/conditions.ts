/** What tells one version of a file from another (RFC 9110, section 8.8). */
export interface Validators {
  readonly etag: string
  readonly lastModified: Date | undefined
}

type HeaderOf = (name: string) => string | undefined

/**
 * Whether a request still wants the content (RFC 9110, section 13.2.2): `notModified` where it has it already,
 * `failed` where it asks for another version.
 */
export function judgeConditions(
  header: HeaderOf,
  { etag, lastModified }: Validators,
): 'met' | 'notModified' | 'failed' {
  const ifMatch = header('if-match')
  if (ifMatch === undefined) {
    if (isLater(lastModified, header('if-unmodified-since'))) return 'failed'
  } else if (!names(ifMatch, etag, 'strong')) return 'failed'
  const ifNoneMatch = header('if-none-match')
  if (ifNoneMatch !== undefined) return names(ifNoneMatch, etag, 'weak') ? 'notModified' : 'met'
  return isLater(lastModified, header('if-modified-since')) === false ? 'notModified' : 'met'
}

/** Whether a part may be sent: `If-Range` names this version, or there is none. */
export function partIsWanted(ifRange: string | undefined, { etag, lastModified }: Validators): boolean {
  if (ifRange === undefined) return true
  if (ifRange.includes('"')) return ifRange.trim() === etag && !isWeak(etag)
  return lastModified !== undefined && Date.parse(ifRange) === wholeSecond(lastModified)
}

/** Whether something was changed after a date; undefined where either is not known. */
function isLater(lastModified: Date | undefined, date: string | undefined): boolean | undefined {
  const since = date === undefined ? Number.NaN : Date.parse(date)
  if (lastModified === undefined || Number.isNaN(since)) return undefined
  return wholeSecond(lastModified) > since
}

const wholeSecond = (date: Date): number => Math.floor(date.getTime() / 1000) * 1000

// pattern: a quote ends at the next one
const ENTITY_TAG = /(?:W\/)?"[^"]*"/g

/** Whether a list of entity tags contains this one (RFC 9110, section 8.8.3.2). */
function names(list: string, etag: string, comparison: 'strong' | 'weak'): boolean {
  if (list.trim() === '*') return true
  const tags: readonly string[] = list.match(ENTITY_TAG) ?? []
  if (comparison === 'strong') return !isWeak(etag) && tags.includes(etag)
  return tags.some(tag => opaque(tag) === opaque(etag))
}

const isWeak = (etag: string): boolean => etag.startsWith('W/')
const opaque = (etag: string): string => (isWeak(etag) ? etag.slice(2) : etag)
