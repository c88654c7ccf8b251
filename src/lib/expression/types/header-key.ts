import type { KnownNames } from './value.ts'

/**
 * The declared spelling of a header's name, `never` where it is not declared: names are compared without regard to case
 * (RFC 9110, section 5.1).
 */
export type HeaderKey<Declared, Name extends string> = SameHeader<KnownNames<Declared>, Lowercase<Name>>

type SameHeader<Key extends string, Lower extends string> = Key extends string
  ? Lowercase<Key> extends Lower
    ? Key
    : never
  : never
