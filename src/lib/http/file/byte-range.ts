/** The bytes of a part, the last one included. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

// pattern: at most two runs of digits, which a dash separates
const ONE_RANGE = /^(\d*)-(\d*)$/

/**
 * The part that a `Range` header asks for (RFC 9110, section 14): undefined for the whole, which is also the response to
 * what is not understood and to several parts that do not lie together; `unsatisfiable` where there is nothing.
 */
export function byteRangeOf(header: string, size: number): ByteRange | 'unsatisfiable' | undefined {
  const [unit = '', list = ''] = splitOnce(header)
  if (unit.trim().toLowerCase() !== 'bytes') return undefined
  const specs = list
    .split(',')
    .map(spec => spec.trim())
    .filter(spec => spec !== '')
  const ranges = specs.map(spec => oneRange(spec, size))
  if (ranges.length === 0 || ranges.includes('invalid')) return undefined
  const satisfiable = ranges.filter(range => typeof range === 'object')
  return satisfiable.length === 0 ? 'unsatisfiable' : joined(satisfiable)
}

function splitOnce(header: string): readonly string[] {
  const at = header.indexOf('=')
  return at < 0 ? [header] : [header.slice(0, at), header.slice(at + 1)]
}

function oneRange(spec: string, size: number): ByteRange | 'unsatisfiable' | 'invalid' {
  const found = ONE_RANGE.exec(spec)
  const [, from = '', to = ''] = found ?? []
  if (found === null || (from === '' && to === '')) return 'invalid'
  if (from === '')
    return Number(to) === 0 || size === 0 ? 'unsatisfiable' : { first: Math.max(0, size - Number(to)), last: size - 1 }
  const first = Number(from)
  if (to !== '' && Number(to) < first) return 'invalid'
  return first >= size ? 'unsatisfiable' : { first, last: to === '' ? size - 1 : Math.min(Number(to), size - 1) }
}

/** Parts that overlap or follow one another as one; undefined where a gap lies between them. */
function joined(ranges: readonly ByteRange[]): ByteRange | undefined {
  const [start, ...rest] = ranges.toSorted((a, b) => a.first - b.first)
  let { first, last } = start!
  for (const range of rest) {
    if (range.first > last + 1) return undefined
    last = Math.max(last, range.last)
  }
  return { first, last }
}
