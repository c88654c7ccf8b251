/** The rows that each destination gives if none leaves anything to the others. */
export function firstShare(
  origins: number,
  destinations: number,
  { most, limit }: Record<'most' | 'limit', number>,
): number {
  const ofOrigin = Math.min(Math.ceil(limit / origins), most)
  return Math.max(Math.ceil((ofOrigin * origins) / Math.max(destinations, 1)), 1)
}
