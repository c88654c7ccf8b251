/**
 * What an origin has shown of itself, and so how many slots it may have:
 *
 * - `known`: its last attempt brought a response, whatever its status
 * - `new`: none of its attempts has ended
 * - `silent`: its last attempt brought none
 *
 * An origin that is `new` or `silent` is a stranger: it gets one attempt at a time, in all workers together.
 */
export type OriginLane = 'known' | 'new' | 'silent'

/** How many attempts a claim may begin, lane by lane. A known origin may have every slot that is free. */
export interface LaneLimits {
  /** To new and silent origins together. */
  readonly strangers: number
  /** Of these, to new origins. */
  readonly new: number
  /** Of these, to new origins of any group; the rest is for groups that have few of them. */
  readonly newOfAnyGroup: number
  /** So many strangers are served before the known ones, which could otherwise keep them out for good. */
  readonly first: number
}

/** A group that has fewer new origins than this when one more comes has few. */
export const fewNewOrigins = 8

/**
 * So many strangers begin at once, and so long after them the next: a new connection costs many times what a warm one
 * does, and hundreds of them together would make all others wait.
 */
export const strangersAtOnce = 6
export const strangersEveryMs = 20

/**
 * The limits for a worker with `total` slots that has so many attempts on their way to strangers. Strangers have at most
 * half of the slots, so that however many never answer, those that do never wait for them. The new have three quarters
 * of that half, since retries are many times as many as first attempts. A quarter of those is kept for groups with few
 * new origins: one group may send thousands, and another's first one is not to wait for their time limit.
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
