const LIMIT_MS = 60_000

/** The result of a promise. If it never settles, the test fails and its processes are ended, instead of hanging. */
export async function soon<T>(promise: Promise<T>): Promise<T> {
  const over = Promise.withResolvers<never>()
  const timer = setTimeout(() => over.reject(new Error('What the test waits for did not happen')), LIMIT_MS)
  try {
    return await Promise.race([promise, over.promise])
  } finally {
    clearTimeout(timer)
  }
}
