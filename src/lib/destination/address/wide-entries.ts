import { parseAddressBlock } from './address-block.ts'

/** Top-level labels that exist only inside a private network, beside those of `isPrivateName`. */
const OWN_LABELS: ReadonlySet<string> = new Set(
  'localhost local internal lan home corp intranet private svc test example invalid localdomain'.split(' '),
)

/** The widest blocks of private addresses: 10.0.0.0/8 and fc00::/7. */
const LEAST_BITS = { 4: 8, 16: 7 } as const

/** The entries of `allow` that are so wide that strangers' names or addresses match: `0.0.0.0/0`, `::/0`, `*.com`. */
export function wideEntries(allow: readonly string[]): string[] {
  return allow.filter(entry => isWideBlock(entry) || isWideName(entry))
}

function isWideBlock(entry: string): boolean {
  const block = parseAddressBlock(entry)
  return block !== undefined && block.prefixLength < LEAST_BITS[block.base.length as 4 | 16]
}

function isWideName(entry: string): boolean {
  const [, label] = /^\*\.([^.]+)\.?$/.exec(entry) ?? []
  return label !== undefined && !OWN_LABELS.has(label.toLowerCase())
}
