import { RingbackError } from '../error.ts'
import type { ReplayResult } from './delivery-store.ts'

const reasons: Record<Exclude<ReplayResult, 'replayed'>, string> = {
  missing: 'there is no such delivery',
  'not-settled': 'it is not settled yet',
  'bytes-purged': 'its bytes are past their retention',
  'endpoint-disabled': 'its endpoint is disabled or deleted',
}

/**
 * Thrown by `deliveries.replay` when a delivery cannot be sent again: there is none, it is not settled yet, its
 * bytes are past their retention, or its endpoint is disabled (`reason` says which). Code `ERR_REPLAY`.
 *
 * @example
 * ```ts
 * import { ReplayError } from 'ringback/delivery'
 *
 * const error = new ReplayError('msg_0e8a', 'missing')
 * console.log(error.message) // Cannot replay delivery "msg_0e8a": there is no such delivery
 * ```
 */
export class ReplayError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_REPLAY'
  declare readonly code: typeof ReplayError.code

  readonly reason: Exclude<ReplayResult, 'replayed'>

  constructor(id: string, reason: Exclude<ReplayResult, 'replayed'>) {
    super(ReplayError.code, `Cannot replay delivery "${id}": ${reasons[reason]}`)
    this.reason = reason
  }
}
