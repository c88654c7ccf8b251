/** A status whose response has no content (RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5). */
export type NoContentStatus = 204 | 205 | 304

const STATUSES: readonly NoContentStatus[] = [204, 205, 304]

/** The statuses whose response has no content. */
export const NO_CONTENT: ReadonlySet<number> = new Set(STATUSES)

/** Those whose response ends with its headers, so that it needs no `content-length` (RFC 9112, section 6.3): not 205. */
export const NO_CONTENT_LENGTH: ReadonlySet<number> = new Set(STATUSES.filter(status => status !== 205))
