import { cookies } from '../http/cookies.ts'
import type { RespondOptions } from '../operation/context.ts'
import type { CookieToSet } from '../operation/response-parts.ts'

/** The result of `respond`: the parts of a response, not validated yet. */
export class RespondedResponse {
  readonly '~responded' = true
  readonly status: number
  readonly body: unknown
  readonly options: RespondOptions

  constructor(status: number, body: unknown, options: RespondOptions) {
    this.status = status
    this.body = body
    this.options = options
  }
}

/** `respond` of the handler's argument; its types are those of `Respond`. */
export function respond(status: number, body?: unknown, options: RespondOptions = {}): RespondedResponse {
  return new RespondedResponse(status, body, options)
}

/** The `Set-Cookie` line of a cookie (RFC 6265): path "/", http-only and same-site lax unless it says otherwise. */
export function cookieLine(name: string, cookie: CookieToSet): string {
  const { value, maxAgeSeconds, ...attributes } = typeof cookie === 'string' ? { value: cookie } : cookie
  return cookies().serialize(name, value, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    ...attributes,
    ...(maxAgeSeconds === undefined ? {} : { maxAge: maxAgeSeconds }),
  })
}
