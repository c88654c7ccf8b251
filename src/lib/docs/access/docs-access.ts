import { randomBytes, timingSafeEqual } from 'node:crypto'
import { HttpError } from '../../http/http-error.ts'
import type { RequestView } from '../../http/request-view.ts'
import type { Dependency } from '../../operation/dependency-set.ts'

/** The header in which the pages send their token back. */
export const TOKEN_HEADER = 'x-ringback-token'

/** What is asked of a request: something to show, or something to do. */
export type Asked = 'show' | 'act'

/**
 * Who may use the console and the panel: whoever `docs.authorize` lets in; without it, under `ringback dev`, whoever
 * works on this machine. Nobody else finds them.
 */
export class DocsAccess {
  readonly authorize: Dependency | undefined
  readonly #usualToken: () => string
  #startToken: string | undefined

  /** `usualToken` is the same in all processes of an application. */
  constructor(authorize: Dependency | undefined, usualToken: () => string) {
    this.authorize = authorize
    this.#usualToken = usualToken
  }

  /** Lets in whoever works on this machine, where the application does not say who may. */
  develop(): void {
    this.#startToken = randomBytes(24).toString('base64url')
  }

  /** Whether anybody may use them. */
  get exists(): boolean {
    return this.authorize !== undefined || this.#startToken !== undefined
  }

  /** Whether only the machine itself says who may. */
  get isDevelopment(): boolean {
    return this.authorize === undefined && this.exists
  }

  /** What a page sends with each action: another page cannot read it. */
  get token(): string {
    return this.isDevelopment ? this.#startToken! : this.#usualToken()
  }

  /** Throws an `HttpError` 403 for a request that `authorize` does not judge: one of another page, or of another machine. */
  check(view: Pick<RequestView, 'url' | 'header' | 'clientAddress'>, asked: Asked): void {
    const url = URL.parse(view.url)
    if (this.isDevelopment) {
      if (!isLoopbackAddress(view.clientAddress ?? ''))
        throw new HttpError(403, 'Under "ringback dev" this is only for the machine itself: open it there')
      if (url === null || !isLoopbackName(url.hostname))
        throw new HttpError(403, 'Under "ringback dev" this has the host "localhost": open it at that address')
    }
    const origin = view.header('origin')
    if (origin === undefined ? asked === 'act' : URL.parse(origin)?.host !== url?.host)
      throw new HttpError(403, 'The request comes from another origin: only the page itself may send it')
    if (asked === 'act' && !isSame(view.header(TOKEN_HEADER) ?? '', this.token))
      throw new HttpError(403, 'The token of the page is missing or old: load the page again', { staleToken: true })
  }
}

const isLoopbackAddress = (address: string): boolean => /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^::1$/.test(address)

/** A name that leads to this machine whatever a name server says, so that no other page can take it for its own. */
const isLoopbackName = (name: string): boolean =>
  name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || isLoopbackAddress(name)

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
