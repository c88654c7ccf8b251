import { RingbackError } from '../../error.ts'

/** Stops an attempt whose lease no longer covers its time limit: another worker may have the delivery by then. */
export class LeaseLostError extends RingbackError {
  constructor() {
    super('ERR_LEASE_LOST', 'The lease of the delivery ran out before its request was sent')
  }
}
