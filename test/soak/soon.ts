const LIMIT_MS = 60_000

/** How long a test waits, and what it tells of what it waited for. */
export interface SoonOptions {
  /** Default: 60,000. */
  readonly limitMs?: number
  readonly state?: () => string
}

/** The result of a promise. If it never settles, the test fails and its processes are ended, instead of hanging. */
export async function soon<T>(promise: Promise<T>, options: SoonOptions = {}): Promise<T> {
  const { limitMs = LIMIT_MS, state = () => '' } = options
  const over = Promise.withResolvers<never>()
  const late = () => over.reject(new Error(`What the test waits for did not happen in ${limitMs} ms\n${state()}`))
  const timer = setTimeout(late, limitMs)
  try {
    return await Promise.race([promise, over.promise])
  } finally {
    clearTimeout(timer)
  }
}
