/**
 * Calls `then` after a whole pass of the event loop, its look for input included, in which `count` has not grown, or when
 * `mayWait` says no: what comes at the same time is done together. Nothing waits for a timer.
 */
export function afterQuietPass(count: () => number, mayWait: () => boolean, then: () => void): void {
  const nextPass = () => {
    const before = count()
    setImmediate(() => (count() > before && mayWait() ? nextPass() : then()))
  }
  // Asked for while input is handled, this comes before the next look for input.
  setImmediate(nextPass)
}
