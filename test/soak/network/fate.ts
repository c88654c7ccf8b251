/** What a receiver does with a request that it has read whole. */
export type Fate =
  | 'taken'
  | 'hung'
  | 'dripped'
  | 'drippedHead'
  | 'cut'
  | 'reset'
  | 'stray'
  | 'closed'
  | 'redirected'
  | 'requestTimeout'
  | 'gone'
  | 'tooMany'
  | 'unavailable'

/** The status that is written whole; undefined where none is. */
export const statusOf: Readonly<Record<Fate, number | undefined>> = {
  taken: 200,
  hung: undefined,
  dripped: 202,
  drippedHead: undefined,
  cut: 201,
  reset: undefined,
  stray: 200,
  closed: 200,
  redirected: 302,
  requestTimeout: 408,
  gone: 410,
  tooMany: 429,
  unavailable: 503,
}

export const fates = Object.keys(statusOf) as readonly Fate[]

/** Those after which a delivery is sent again within seconds: for a soak that must end soon. */
export const quickFates: readonly Fate[] = fates.filter(fate => !['hung', 'drippedHead', 'tooMany'].includes(fate))
