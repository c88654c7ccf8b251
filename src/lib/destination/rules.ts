import type { ProxyRule } from './proxy-rule.ts'
import type { TlsRule } from './tls-rules.ts'

/**
 * How a host name becomes addresses: a function, or an object with `resolve4` and `resolve6`, which a
 * `new dns.promises.Resolver()` of Node is. An empty answer means that the name does not resolve.
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

/** What `check` is asked about: the URL, and every address that its host stands for. */
export interface CheckedDestination {
  readonly url: URL
  readonly addresses: readonly string[]
}

/**
 * Which destinations requests may go to, beyond the rules that hold without any. Every list is empty by default.
 *
 * An entry of `allow` and `deny` is a host name (`hooks.lan`), every name below one (`*.lan`, which does not include
 * `lan` itself), an IP address (`10.0.0.7`, `fd00::7`) or a block of them (`10.0.0.0/8`).
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
   * Hosts to let through although they are not public. An allowed *name* goes wherever it resolves to, so allow only
   * names whose DNS you trust; it does not allow its addresses written out. An allowed *address* or *block* counts both
   * written out and as the answer of a look-up. Never lifts the rules of scheme, user info, fragment and port.
   */
  readonly allow?: readonly string[]
  /** Hosts to refuse, whatever `allow` says: by name, and by every address a name resolves to. */
  readonly deny?: readonly string[]
  /** The only ports to connect to; without it, every port but those of well-known services that do not speak HTTP to strangers. */
  readonly ports?: readonly number[]
  /** Default: both `http` and `https`. */
  readonly schemes?: readonly ('http' | 'https')[]
  /**
   * Looks all names up. Without it names that `allow` lists, themselves or by `*.`, go by the system's `getaddrinfo`,
   * which knows the hosts file and search domains but can be held up by a silent name server. All other names are asked
   * of the name servers directly (`dns.getServers()`, or as the system has them by now), and `localhost` is loopback.
   */
  readonly resolver?: Resolver
  /** Time for the look-up of a name, in milliseconds. Default: that of the whole attempt. */
  readonly lookupTimeoutMs?: number
  /**
   * The URL of an HTTP proxy (`http://user:password@proxy.lan:3128`) that is asked for the judged address by `CONNECT`;
   * `environment` for what `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` said when the policy was made; or a {@link ProxyRule},
   * by which the proxy is given the name.
   */
  readonly proxy?: string | ProxyRule
  /** Certificate authorities, client certificates and versions of TLS for some hosts. Default: what Node trusts, and no certificate of ours. */
  readonly tls?: readonly TlsRule[]
  /** The last word, after the look-up and only for what is allowed until then; anything but `true` refuses, a throw too. */
  readonly check?: (destination: CheckedDestination) => boolean | Promise<boolean>
}
