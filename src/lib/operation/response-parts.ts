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

/** What handlers and dependencies may say of the response before it is there. */
export interface ResponseParts {
  /**
   * Headers of the response. What the handler gives wins; of `set-cookie` and `vary` both stand there. They are neither
   * on the answer to an error nor seen once the handler has returned.
   */
  readonly responseHeaders: Headers
  /** Adds a cookie to the response, by the same rules: path "/", http-only and same-site lax unless it says otherwise. */
  setCookie(name: string, cookie: CookieToSet): void
}
