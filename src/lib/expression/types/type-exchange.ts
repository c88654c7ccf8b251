/**
 * What an expression may read, as types: the compile-time twin of `Exchange`. Extend it with an interface whose members
 * are computed from the schemas; a member is computed only when an expression reads it.
 *
 * `{}` means "nothing is declared", `unknown` means "anything may be there".
 */
export interface TypeExchange {
  readonly params: unknown
  readonly query: unknown
  readonly headers: unknown
  readonly body: unknown
  readonly responseBody: unknown
  readonly responseHeaders: unknown
}
