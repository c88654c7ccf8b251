import { DefinitionError } from '../definition/definition-error.ts'
import { forwardedIn } from '../http/client-address.ts'
import { asClientSent, hostOf, type ServedRequest } from '../http/forwarded-request.ts'
import type { PlainResponse, RequestView } from '../http/request-view.ts'
import { compileTrustedHosts, type TrustsHost, wideTrustedHosts } from '../http/trusted-hosts.ts'
import { compileTrustedProxies, type ReadForwarded } from '../http/trusted-proxies.ts'
import type { Log } from '../log/log.ts'
import { refusedTarget, toHttps } from './request-target.ts'
import type { RingbackOptions } from './ringback-options.ts'

/** Judges a request before anybody looks at it: by its host, by the proxy that it came through, and by its scheme. */
export class RequestGate {
  readonly readForwarded: ReadForwarded | undefined
  readonly redirectsToHttps: boolean
  readonly #trustedHosts: readonly string[] | undefined
  readonly #basePath: () => string
  #trusts: TrustsHost | undefined
  #testHost: string | undefined

  constructor(options: RingbackOptions, log: Log, basePath: () => string) {
    const { trustedHosts, trustedProxies, httpsRedirect = false } = options
    this.readForwarded = trustedProxies && compileTrustedProxies(trustedProxies)
    this.redirectsToHttps = httpsRedirect
    this.#trustedHosts = trustedHosts
    this.#basePath = basePath
    this.#trusts = trustedHosts && compileTrustedHosts(trustedHosts)
    for (const wide of wideTrustedHosts(trustedHosts ?? []))
      log.warn(`"trustedHosts" contains "${wide}", under which anybody can register a name`)
  }

  /** Whether the application handles requests for this host. */
  readonly trustsHost = (authority: string): boolean => this.#trusts?.(authority) ?? true

  /** The request with what trusted proxies have forwarded. */
  asClientSent(served: ServedRequest): ServedRequest {
    return this.readForwarded === undefined ? served : asClientSent(served, this.readForwarded)
  }

  /** The response to a web request that goes no further. */
  refused(served: ServedRequest): PlainResponse | undefined {
    const { url } = served.request
    return refusedTarget(url, () => hostOf(served), this.#trusts) ?? this.redirected(url)
  }

  /** The same for a request that another application has passed on, and judged. */
  refusedMounted(view: RequestView): PlainResponse | undefined {
    const host = () => forwardedIn(view.env)?.host ?? view.header('host') ?? null
    const refused = this.#trusts && refusedTarget(view.url, host, this.#trusts)
    return refused ?? (this.redirectsToHttps ? this.redirected(view.url) : undefined)
  }

  /** The redirect of a request that came without TLS; undefined where it stays. */
  redirected(url: string): PlainResponse | undefined {
    return this.redirectsToHttps ? toHttps(url, this.#basePath(), this.#testHost) : undefined
  }

  /** A test's requests are for its own host, and come without TLS. */
  standIn(testHost: string | undefined): void {
    const own = this.#trustedHosts
    this.#testHost = testHost
    this.#trusts = own && compileTrustedHosts(testHost === undefined ? own : [...own, testHost])
  }

  /** A server without TLS knows of `https` by trusted proxies only. Throws a `DefinitionError`. */
  refuseEndlessRedirects(): void {
    if (this.redirectsToHttps && this.readForwarded === undefined)
      throw new DefinitionError(
        '"httpsRedirect" would send every request round for ever: name the proxies that end TLS in "trustedProxies"',
      )
  }
}
