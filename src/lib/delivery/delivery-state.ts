/**
 * What a delivery is doing:
 *
 * - `scheduled`: due at `nextAttemptAt`; either new, or between two attempts
 * - `attempting`: leased by a worker, which is sending it
 * - `delivered`: a 2xx came back
 * - `failed`: the schedule ended, a final status such as 410 came, ten workers in a row died while sending it, or it
 *   expired
 * - `blocked`: the guard refuses the URL for good
 * - `cancelled`: by us, before it was delivered
 */
export type DeliveryState = 'scheduled' | 'attempting' | 'delivered' | 'failed' | 'blocked' | 'cancelled'

/**
 * Why a delivery settled, if its attempts do not show that:
 *
 * - `worker-died`: ten workers in a row died while sending it
 * - `expired`: its `expiresAt` came first
 * - `endpoint-disabled`, `endpoint-deleted`: it was cancelled because its endpoint was
 */
export type SettledReason = 'worker-died' | 'expired' | 'endpoint-disabled' | 'endpoint-deleted'

/** Every state, in the order of a delivery's life. */
export const deliveryStates: readonly DeliveryState[] = Object.freeze([
  'scheduled',
  'attempting',
  'delivered',
  'failed',
  'blocked',
  'cancelled',
])

/**
 * How an attempt ended:
 *
 * - `accepted`: a 2xx came back
 * - `rejected`: another status came back
 * - `unreachable`: there was no connection, or it broke
 * - `timed-out`: no response came within the time limit
 * - `refused`: the guard refused the address
 * - `abandoned`: its worker stopped or died before the end, or the delivery was cancelled
 */
export type AttemptOutcome = 'accepted' | 'rejected' | 'unreachable' | 'timed-out' | 'refused' | 'abandoned'

/** Every outcome, in the order of how far an attempt got. */
export const attemptOutcomes: readonly AttemptOutcome[] = Object.freeze([
  'accepted',
  'rejected',
  'unreachable',
  'timed-out',
  'refused',
  'abandoned',
])

/** Whether nothing more happens by itself to a delivery in this state. */
export function isSettled(state: DeliveryState): boolean {
  return state !== 'scheduled' && state !== 'attempting'
}
