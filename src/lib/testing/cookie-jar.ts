import type { Cookie } from 'undici'
import type { Clock } from '../clock.ts'

interface KeptCookie {
  readonly name: string
  readonly value: string
  /** Without a dot before it. */
  readonly domain: string
  /** Whether it goes to that host only, and not to those below it. */
  readonly hostOnly: boolean
  readonly path: string
  readonly secure: boolean
  /** Epoch milliseconds; undefined for one that ends with the client. */
  readonly expiresAt: number | undefined
}

/** The cookies of a test client, kept and given back as a browser does it (RFC 6265, section 5), by the clock of the test. */
export class CookieJar {
  readonly #clock: Clock
  readonly #cookies = new Map<string, KeptCookie>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Keeps what a response sets, and forgets what it ends. */
  async keep(url: URL, headers: Headers): Promise<void> {
    if (!headers.has('set-cookie')) return
    const { parseCookie } = await import('undici')
    for (const text of headers.getSetCookie()) {
      const cookie = parseCookie(text)
      if (cookie !== null) this.#keepOne(url, cookie)
    }
  }

  /** The value of `cookie` for a request, longer paths first; undefined if there is none. */
  header(url: URL): string | undefined {
    const now = this.#clock.now()
    for (const [key, { expiresAt }] of this.#cookies)
      if (expiresAt !== undefined && expiresAt <= now) this.#cookies.delete(key)
    const sent = [...this.#cookies.values()].filter(cookie => isFor(cookie, url))
    sent.sort((a, b) => b.path.length - a.path.length)
    return sent.length === 0 ? undefined : sent.map(({ name, value }) => `${name}=${value}`).join('; ')
  }

  #keepOne(url: URL, { name, value, domain, path, secure, maxAge, expires }: Cookie): void {
    const named = domain?.replace(/^\./, '').toLowerCase() ?? ''
    // Nobody can set a cookie of a host that he is not below.
    if (named !== '' && !isAtOrBelow(url.hostname, named)) return
    const now = this.#clock.now()
    const cookie: KeptCookie = {
      name,
      value,
      domain: named === '' ? url.hostname : named,
      hostOnly: named === '',
      path: path?.startsWith('/') ? path : defaultPath(url.pathname),
      secure: secure ?? false,
      expiresAt: maxAge !== undefined ? now + maxAge * 1_000 : expires === undefined ? undefined : Number(expires),
    }
    const key = JSON.stringify([name, cookie.domain, cookie.path])
    // One that is set again keeps its place.
    if (cookie.expiresAt !== undefined && !(cookie.expiresAt > now)) this.#cookies.delete(key)
    else this.#cookies.set(key, cookie)
  }
}

/** The host that a test client stands before, which counts as secure as a browser's localhost does. */
export const TEST_HOST = 'testserver'

function isFor({ domain, hostOnly, path, secure }: KeptCookie, { protocol, hostname, pathname }: URL): boolean {
  if (secure && protocol !== 'https:' && hostname !== TEST_HOST) return false
  if (hostOnly ? hostname !== domain : !isAtOrBelow(hostname, domain)) return false
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`)
}

const isAtOrBelow = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`)

/** The folder of the path that set it (RFC 6265, section 5.1.4). */
function defaultPath(pathname: string): string {
  const end = pathname.lastIndexOf('/')
  return end <= 0 ? '/' : pathname.slice(0, end)
}
