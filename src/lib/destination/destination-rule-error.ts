import { RingbackError } from '../error.ts'

/**
 * Thrown by `createDestinationPolicy` for an invalid rule, so that a guard with a mistyped rule never starts. Code
 * `ERR_DESTINATION_RULE`.
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

  /**
   * The name of the rule: `allow`, `deny`, `ports`, `schemes`, `resolver`, `lookupTimeoutMs`, `proxy`, `tls`, `check`
   * or `ownOrigins`, or the unknown name that was given.
   */
  readonly rule: string

  constructor(rule: string, problem: string) {
    super(DestinationRuleError.code, `Cannot use the destination rule "${rule}": ${problem}`)
    this.rule = rule
  }
}
