import { HttpError } from '../../http/http-error.ts'

/** Turns what a filter, a cursor or a reason cannot be into a 400 that says so. */
export async function refuseUnreadable<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError)
      throw new HttpError(400, error.message, { cause: error })
    throw error
  }
}
