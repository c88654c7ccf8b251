import type { ProxyRule } from './proxy-rule.ts'
import type { TlsRule } from './tls-rules.ts'

/**
 * How a host name becomes addresses: a function, or an object with `resolve4` and `resolve6` such as Node's `new
 * dns.promises.Resolver()`. An empty array means that the name does not resolve.
 *
 * @example
 * ```ts
 * import { createDestinationPolicy, type Resolver } from 'ringback/destination'
 *
 * const resolver: Resolver = async hostname => (hostname === 'hooks.lan' ? ['10.20.0.7'] : [])
 * const policy = createDestinationPolicy({ resolver, allow: ['10.20.0.0/16'] })
 * console.log(policy.judgeUrl('https://hooks.lan/events').allowed) // true
 * ```
 */
export type Resolver =
  | ((hostname: string) => Promise<readonly string[]>)
  | {
      resolve4(hostname: string): Promise<readonly string[]>
      resolve6(hostname: string): Promise<readonly string[]>
    }

/** What `check` decides about: the URL, and every address of its host. */
export interface CheckedDestination {
  readonly url: URL
  readonly addresses: readonly string[]
}

/**
 * Which destinations requests may go to, beyond the rules that always apply. Every list is empty by default.
 *
 * An entry of `allow` and `deny` is a host name (`hooks.lan`), every name below one (`*.lan`, which does not include
 * `lan` itself), an IP address (`10.0.0.7`, `fd00::7`) or a block of addresses (`10.0.0.0/8`).
 *
 * @example
 * ```ts
 * import { createDestinationPolicy, type DestinationRules } from 'ringback/destination'
 *
 * const rules: DestinationRules = {
 *   allow: ['hooks.lan', '10.20.0.0/16'],
 *   deny: ['10.20.0.1'],
 *   schemes: ['https'],
 *   check: ({ url }) => !url.hostname.endsWith('.competitor.example'),
 * }
 * const policy = createDestinationPolicy(rules)
 * console.log(policy.judgeAddress('10.20.0.1').allowed) // false
 * ```
 */
export interface DestinationRules {
  /**
   * Hosts to allow although they are not public. An allowed *name* may resolve to any address, so allow only names
   * whose DNS you trust; its addresses written in a URL stay refused. An allowed *address* or *block* counts whether it
   * is written in the URL or looked up. The rules for scheme, user info, fragment and port still apply.
   */
  readonly allow?: readonly string[]
  /** Hosts to refuse, whatever `allow` says: by name, and by every address that a name resolves to. */
  readonly deny?: readonly string[]
  /**
   * The only ports to connect to. Default: every port except those of well-known services that do not speak HTTP to
   * strangers.
   */
  readonly ports?: readonly number[]
  /** Default: both `http` and `https`. */
  readonly schemes?: readonly ('http' | 'https')[]
  /**
   * Looks all names up. Without it, names that `allow` lists (themselves or by `*.`) go to the system's `getaddrinfo`,
   * which knows the hosts file and search domains but can be held up by a silent name server. For all other names the
   * name servers are asked directly (those of `dns.getServers()`, or the system's current ones), and `localhost` is
   * loopback.
   */
  readonly resolver?: Resolver
  /** Time limit for looking a name up, in milliseconds. Default: the limit of the whole attempt. */
  readonly lookupTimeoutMs?: number
  /**
   * The URL of an HTTP proxy (`http://user:password@proxy.lan:3128`) that gets the judged address in a `CONNECT`
   * request; `environment` to use `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` as they are when the policy is made; or a
   * {@link ProxyRule}, which can give the proxy the name instead.
   */
  readonly proxy?: string | ProxyRule
  /**
   * Certificate authorities, client certificates and TLS versions for some hosts. Default: the authorities that Node
   * trusts, and no client certificate.
   */
  readonly tls?: readonly TlsRule[]
  /**
   * The last word: called after the look-up, only for what all other rules allow. Anything but `true` refuses, and so
   * does an error.
   */
  readonly check?: (destination: CheckedDestination) => boolean | Promise<boolean>
}
