import type { Clock } from '../clock.ts'

/** A timer that fires later than this shows that the process stood still. */
const stoodStillMs = 100

/**
 * Runs `fn` when the time has passed and the event loop has read everything that had arrived by then: Node runs timers
 * before it reads sockets, and the awaited bytes may already be there. If the process stood still meanwhile (a long
 * computation, SIGSTOP, a frozen container) and `isHeldUp` says that this matters, the timer first runs again for the
 * time that was lost, but for no longer than `delayMs`.
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
