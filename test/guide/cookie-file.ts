import type { CurlRequest } from './curl-command.ts'
import type { ShownResponse } from './send-curl.ts'

/** The file in which curl keeps cookies (`-c cookies.txt`) and from which it sends them (`-b cookies.txt`): one for a page. */
export class CookieFile {
  readonly #cookies = new Map<string, string>()

  /** The request as it is sent. */
  sentWith(request: CurlRequest): CurlRequest {
    if (!request.sendsCookies || this.#cookies.size === 0) return request
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return { ...request, headers: { ...request.headers, cookie } }
  }

  keepFrom(request: CurlRequest, { headers }: ShownResponse): void {
    if (!request.keepsCookies) return
    for (const [, name = '', value = '', attributes = ''] of (headers['set-cookie'] ?? '').matchAll(COOKIE))
      if (/Max-Age=0\b/.test(attributes)) this.#cookies.delete(name)
      else this.#cookies.set(name, value)
  }
}

/** One of several that are joined by commas. */
const COOKIE = /(?:^|, )([^=;, ]+)=([^;, ]*)((?:; [^;,]+)*)/g
