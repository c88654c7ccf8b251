// Only evaluated on the way to an error message: too dear for anything else.

/** A union of names as text: `"a", "b"`; `none` for no name, `any` where every name is allowed. */
export type Listed<Names extends string> = [Names] extends [never]
  ? 'none'
  : string extends Names
    ? 'any'
    : Join<LastOf<Names>, Names>

type Join<Last, Names extends string> = Last extends string
  ? [Exclude<Names, Last>] extends [never]
    ? `"${Last}"`
    : `${Join<LastOf<Exclude<Names, Last>>, Exclude<Names, Last>>}, "${Last}"`
  : ''

// Functions intersect to an overload, of which inference sees the last: the only way to take one member off a union.
type LastOf<Union> = (Union extends unknown ? (one: (member: Union) => void) => void : never) extends (
  all: infer Overload,
) => void
  ? Overload extends (member: infer Last) => void
    ? Last
    : never
  : never
