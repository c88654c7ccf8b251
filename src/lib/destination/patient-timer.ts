import type { Clock } from '../clock.ts'

/** A timer that is later than this says that the process stood still. */
const stoodStillMs = 100

/**
 * Runs `fn` when the time has passed and the loop has read what had come by then: Node runs timers before it reads sockets,
 * and what was waited for may lie there. Where the process stood still meanwhile (a long computation, SIGSTOP, a frozen
 * container) and `isHeldUp` says that this matters, it first gets the time back that it lost, but no more than it had.
 */
export function setPatientTimer(
  clock: Clock,
  fn: () => void,
  delayMs: number,
  isHeldUp: () => boolean = () => true,
): () => void {
  const dueMs = clock.now() + delayMs
  let cancelled = false
  let cancel = clock.setTimer(() => {
    const lateMs = clock.now() - dueMs
    if (lateMs > stoodStillMs && isHeldUp()) {
      cancel = setPatientTimer(clock, fn, Math.min(lateMs, delayMs), isHeldUp)
      return
    }
    setImmediate(() =>
      setImmediate(() => {
        if (!cancelled) fn()
      }),
    )
  }, delayMs)
  return () => {
    cancelled = true
    cancel()
  }
}
