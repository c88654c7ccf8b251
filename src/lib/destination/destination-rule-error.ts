import { RingbackError } from '../error.ts'

/**
 * Thrown by `createDestinationPolicy` for a rule that it cannot understand: a guard with a mistyped rule does not start.
 * Code `ERR_DESTINATION_RULE`.
 *
 * @example
 * ```ts
 * import { createDestinationPolicy, DestinationRuleError } from 'ringback/destination'
 *
 * try {
 *   createDestinationPolicy({ allow: ['10.0.0.0/33'] })
 * } catch (error) {
 *   if (!(error instanceof DestinationRuleError)) throw error
 *   console.log(error.rule) // allow
 * }
 * ```
 */
export class DestinationRuleError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_DESTINATION_RULE'
  declare readonly code: typeof DestinationRuleError.code

  /** The name of the rule: `allow`, `deny`, `ports`, `schemes`, `resolver`, `lookupTimeoutMs`, `proxy`, `check` or
   * `ownOrigins`; or one that is none. */
  readonly rule: string

  constructor(rule: string, problem: string) {
    super(DestinationRuleError.code, `Cannot use the destination rule "${rule}": ${problem}`)
    this.rule = rule
  }
}
