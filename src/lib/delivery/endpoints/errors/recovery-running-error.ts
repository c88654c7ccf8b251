import { RingbackError } from '../../../error.ts'

/**
 * Thrown by `recover` while an earlier recovery of the endpoint is running. Code `ERR_RECOVERY_RUNNING`.
 *
 * @example
 * ```ts
 * import { RecoveryRunningError } from 'ringback/delivery'
 *
 * console.log(new RecoveryRunningError().code) // ERR_RECOVERY_RUNNING
 * ```
 */
export class RecoveryRunningError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_RECOVERY_RUNNING'
  declare readonly code: typeof RecoveryRunningError.code

  constructor() {
    super(RecoveryRunningError.code, 'A recovery of this endpoint is running; wait until it is done')
  }
}
