/** What strangers do beside the honest load. */
export interface Attack {
  readonly name: string
  /** This many new origins at once, with this many deliveries each. */
  readonly atOnce?: { readonly origins: number; readonly each: number }
  /** This many new origins a second, with one delivery each. */
  readonly perSecond?: number
  /** How often an origin responds before it stops for good. Default: 0. */
  readonly responses?: number
}

export const attacks: readonly Attack[] = [
  { name: 'alone' },
  { name: '6 a second', perSecond: 6 },
  { name: '10,000 at once', atOnce: { origins: 10_000, each: 1 } },
  { name: '300 × 10', atOnce: { origins: 300, each: 10 } },
  { name: '1,000 × 10', atOnce: { origins: 1_000, each: 10 } },
  { name: '1,000 × 8, respond once', atOnce: { origins: 1_000, each: 8 }, responses: 1 },
]
