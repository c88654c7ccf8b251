import { serialize } from 'hono/utils/cookie'
import type { RespondOptions } from '../operation/context.ts'
import { RespondedResponse } from '../operation/responded-response.ts'
import type { CookieToSet } from '../operation/response-parts.ts'

/** `respond` of the handler's argument; its types are those of `Respond`. */
export function respond(status: number, body?: unknown, options: RespondOptions = {}): RespondedResponse {
  return new RespondedResponse(status, body, options)
}

/** The `Set-Cookie` line of a cookie (RFC 6265): path "/", http-only and same-site lax unless it says otherwise. */
export function cookieLine(name: string, cookie: CookieToSet): string {
  const { value, maxAgeSeconds, ...attributes } = typeof cookie === 'string' ? { value: cookie } : cookie
  return serialize(name, value, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    ...attributes,
    ...(maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds }),
  })
}
