/** A cookie to set: its value, or its value with attributes (RFC 6265). */
export type CookieToSet =
  | string
  | {
      readonly value: string
      readonly maxAgeSeconds?: number
      readonly path?: string
      readonly domain?: string
      readonly secure?: boolean
      readonly httpOnly?: boolean
      readonly sameSite?: 'strict' | 'lax' | 'none'
    }

/** What handlers and dependencies can set on the response before it exists. */
export interface ResponseParts {
  /**
   * Headers of the response. Headers that the handler returns win; `set-cookie` and `vary` are combined. They are not
   * on the response to an error, and have no effect once the handler has returned.
   */
  readonly responseHeaders: Headers
  /**
   * Adds a cookie to the response, by the same rules. Default of its attributes: path "/", http-only, same-site lax.
   */
  setCookie(name: string, cookie: CookieToSet): void
}
