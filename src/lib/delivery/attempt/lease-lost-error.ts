import { RingbackError } from '../../error.ts'

/** Stops an attempt whose lease no longer covers its time limit: another worker may hold the delivery by then. */
export class LeaseLostError extends RingbackError {
  /** The `code` of this class, to compare with in a `switch`. */
  static readonly code = 'ERR_LEASE_LOST'
  declare readonly code: typeof LeaseLostError.code

  constructor() {
    super(LeaseLostError.code, 'The lease of the delivery ran out before its request was sent')
  }
}
