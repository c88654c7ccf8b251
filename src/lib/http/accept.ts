import { parseAccept } from 'hono/utils/accept'
import { inMediaRange } from './media-range.ts'
import { mediaTypeEssence } from './media-type.ts'

/**
 * Which of the media types a client likes best (RFC 9110, section 12.5.1): the most specific range that a type lies in
 * says how much it is liked. Of equals the first wins; undefined where it takes none. Without a wish it is the first.
 */
export function acceptedType(offered: readonly string[], accept: string | undefined): string | undefined {
  const ranges = wishesOf(accept ?? '')
  if (ranges.length === 0) return offered[0]
  let best: { readonly type: string; readonly quality: number } | undefined
  for (const type of offered) {
    const quality = qualityOf(mediaTypeEssence(type), ranges)
    if (quality > (best?.quality ?? 0)) best = { type, quality }
  }
  return best?.type
}

interface Wish {
  readonly range: string
  readonly quality: number
  /** What the range says beside the type makes it another, which we may not have. */
  readonly parameters: number
}

const wishesOf = (accept: string): Wish[] =>
  parseAccept(accept).map(({ type, q, params }) => ({
    range: type.toLowerCase(),
    quality: q,
    parameters: Object.keys(params).filter(name => !NOT_OF_THE_TYPE.has(name.toLowerCase())).length,
  }))

const NOT_OF_THE_TYPE: ReadonlySet<string> = new Set(['q', 'charset'])

function qualityOf(type: string, wishes: readonly Wish[]): number {
  let found = { rank: Number.NEGATIVE_INFINITY, quality: 0 }
  for (const { range, quality, parameters } of wishes) {
    const rank = specificity(range) - parameters / 1_000
    if (rank > found.rank && inMediaRange(type, range)) found = { rank, quality }
  }
  return found.quality
}

function specificity(range: string): number {
  if (range === '*/*') return 1
  return range.endsWith('/*') ? 2 : 3
}
