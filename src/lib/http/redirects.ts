/** A status that sends the client to another URL (RFC 9110, section 15.4). */
export type RedirectStatus = 301 | 302 | 303 | 307 | 308

const STATUSES: readonly RedirectStatus[] = [301, 302, 303, 307, 308]

/** The statuses whose response says in `location` where to go. */
export const REDIRECTS: ReadonlySet<number> = new Set(STATUSES)
