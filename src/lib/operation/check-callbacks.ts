import type { Scan } from '../expression/types/scan.ts'
import type { TypeExchange } from '../expression/types/type-exchange.ts'
import type { Complaint } from '../expression/types/verdict.ts'

/**
 * Any callback definition. It has neither type parameters nor `url` on purpose: a fuller type would be the contextual
 * return type of an inline `callback.post(…)`, and be inferred in place of its defaults.
 */
export interface AnyCallback {
  readonly kind: 'callback'
}

/** Callbacks by their names. */
export interface CallbackSet {
  readonly [name: string]: AnyCallback
}

/**
 * Checks each callback of a set against what an operation declares: `unknown` where it fits, else the complaint as a
 * string literal, so that the compiler prints it behind "not assignable to".
 */
export type CheckCallbacks<CB, X extends TypeExchange> = {
  readonly [K in keyof CB]: CB[K] extends { readonly url: infer U extends string } ? CheckUrl<U, X, CB[K]> : unknown
}

type CheckUrl<U extends string, X extends TypeExchange, C> =
  Complaint<Scan<U, X, C>> extends infer M ? ([M] extends [never] ? unknown : M) : never

/**
 * A router's own callbacks, checked against each of its operations: no key of the operation's definition could carry
 * the complaint.
 */
export type CheckInherited<RC, X extends TypeExchange> = [keyof RC] extends [never]
  ? unknown
  : {
        [K in keyof RC]: RC[K] extends { readonly url: infer U extends string } ? Complaint<Scan<U, X, RC[K]>> : never
      }[keyof RC] extends infer M
    ? [M] extends [never]
      ? unknown
      : { readonly "the router's callbacks do not fit this operation": M }
    : never
