/** What timers take at most. */
const mostMs = 2 ** 31 - 1

/** Whether a promise is fulfilled within a time; rejects with it. */
export async function endsWithin(promise: Promise<unknown>, limitMs: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>()
  const timer = setTimeout(resolve, Math.min(limitMs, mostMs), false)
  try {
    return await Promise.race([promise.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
