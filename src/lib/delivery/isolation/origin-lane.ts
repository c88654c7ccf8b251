/**
 * What an origin has shown so far, which decides how many slots it may have:
 *
 * - `known`: its last attempt brought a response, whatever the status
 * - `new`: none of its attempts has ended yet
 * - `silent`: its last attempt brought no response
 *
 * An origin that is `new` or `silent` is a stranger: it gets one attempt at a time, counted over all workers.
 */
export type OriginLane = 'known' | 'new' | 'silent'

/** How many attempts a claim may begin in each lane. A known origin may have every free slot. */
export interface LaneLimits {
  /** For new and silent origins together. */
  readonly strangers: number
  /** Of these, for new origins. */
  readonly new: number
  /** Of these, for new origins of any group. The rest is for groups that have few new origins. */
  readonly newOfAnyGroup: number
  /** So many strangers are served before the known origins, which could otherwise keep them out for good. */
  readonly first: number
}

/** A group has few new origins if it has fewer than this when another one comes. */
export const fewNewOrigins = 8

/**
 * How many strangers begin at once, and how long after them the next ones may. A new connection costs many times as
 * much as one in use, and hundreds of them at once would make everybody else wait.
 */
export const strangersAtOnce = 6
export const strangersEveryMs = 20

/**
 * The limits for a worker with `total` slots, given its running attempts. Strangers get at most half of the slots, so
 * that origins that respond never wait for those that do not, however many there are. New origins get at most three
 * quarters of that half, which leaves a share to the retries of silent ones. A quarter of the share for new origins is
 * kept for groups with few of them: one group may have thousands, and the first origin of another group must not wait
 * for their time limits.
 */
export function laneLimits(total: number, running: Readonly<Record<OriginLane, number>>): LaneLimits {
  const strangers = Math.ceil(total / 2)
  const fresh = Math.ceil((strangers * 3) / 4)
  const anyGroup = Math.ceil((fresh * 3) / 4)
  const both = running.new + running.silent
  return {
    strangers: atOnce(strangers - both),
    new: atOnce(fresh - running.new),
    newOfAnyGroup: atOnce(anyGroup - running.new),
    first: atOnce(Math.floor(total / 8) - both),
  }
}

const atOnce = (free: number): number => Math.min(Math.max(free, 0), strangersAtOnce)
