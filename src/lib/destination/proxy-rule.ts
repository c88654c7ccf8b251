import { unknownNameIn, unknownNameText } from '../definition/check-names.ts'
import { withoutFinalDots } from '../url/without-final-dots.ts'
import { DestinationRuleError } from './destination-rule-error.ts'

/**
 * The HTTP proxy that requests go through.
 *
 * @example
 * ```ts
 * import { createDestinationPolicy, type ProxyRule } from 'ringback/destination'
 *
 * const proxy: ProxyRule = { url: 'http://user:password@egress.lan:3128', getsName: true }
 * console.log(createDestinationPolicy({ proxy }).judgeUrl('http://10.0.0.7/').allowed) // false
 * ```
 */
export interface ProxyRule {
  /** An http or https URL, or `environment` to use `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`. */
  readonly url: string
  /**
   * Whether the proxy gets the host's name instead of an address that was looked up and judged. Then the proxy looks it
   * up and **is trusted to judge where it leads**. Scheme, port, name and literal addresses are still judged here, and
   * `check` is called without addresses. Default: false.
   */
  readonly getsName?: boolean
}

/** {@link ProxyRule}, compiled. */
export interface CompiledProxy {
  /** The URL of the proxy for a request; undefined if the request goes out directly. */
  readonly urlFor: (url: URL) => string | undefined
  readonly getsName: boolean
}

type Environment = Readonly<Record<string, string | undefined>>

const PROXY_NAMES: Readonly<Record<keyof ProxyRule, true>> = { url: true, getsName: true }

/** Checks and compiles the rule. Throws `DestinationRuleError` if it is invalid. */
export function compileProxy(
  rule: string | ProxyRule | undefined,
  environment: Environment = process.env,
): CompiledProxy {
  if (rule === undefined) return { urlFor: () => undefined, getsName: false }
  const { url, getsName = false } = typeof rule === 'string' ? { url: rule } : checkedRule(rule)
  if (url === 'environment') return { urlFor: environmentProxy(environment), getsName }
  requireProxyUrl(url, 'it')
  return { urlFor: () => url, getsName }
}

function checkedRule(rule: ProxyRule): ProxyRule {
  if (typeof rule !== 'object' || rule === null)
    throw new DestinationRuleError('proxy', 'it must be a URL, "environment" or an object with "url"')
  const unknown = unknownNameIn(rule, PROXY_NAMES)
  if (unknown !== undefined)
    throw new DestinationRuleError('proxy', unknownNameText(unknown, PROXY_NAMES, '"destinations.proxy"'))
  if (rule.getsName !== undefined && typeof rule.getsName !== 'boolean')
    throw new DestinationRuleError('proxy', '"getsName" is neither true nor false')
  return rule
}

/**
 * Reads the variables as undici's `EnvHttpProxyAgent` does: lower case first, and `https_proxy` falls back to
 * `http_proxy`.
 */
function environmentProxy(environment: Environment): CompiledProxy['urlFor'] {
  const http = environment['http_proxy'] ?? environment['HTTP_PROXY']
  const https = (environment['https_proxy'] ?? environment['HTTPS_PROXY']) || http
  if (http) requireProxyUrl(http, 'HTTP_PROXY')
  if (https) requireProxyUrl(https, 'HTTPS_PROXY')
  const exceptions = noProxyList(environment['no_proxy'] ?? environment['NO_PROXY'] ?? '')
  return url => {
    const proxy = url.protocol === 'https:' ? https : http
    return proxy && !exceptions.some(exception => exception(url)) ? proxy : undefined
  }
}

function noProxyList(text: string): readonly ((url: URL) => boolean)[] {
  return text
    .split(/[,\s]/)
    .filter(entry => entry !== '')
    .map(noProxyEntry)
}

/**
 * `*` is every host, `a.example` and `.a.example` are the name and all below it, `*.a.example` only those below; each
 * with or without a port.
 */
function noProxyEntry(entry: string): (url: URL) => boolean {
  const [, bracketed, bracketedPort] = entry.match(/^\[([^\]]+)\](?::(\d+))?$/) ?? []
  const [, host, port] = (bracketed === undefined && entry.match(/^([^:]+):(\d+)$/)) || []
  const given = bracketed ?? host ?? entry
  const name = withoutFinalDots(given.replace(/^\*?\./, '')).toLowerCase()
  const only = Number(bracketedPort ?? port ?? 0)
  const isBelowOnly = entry.startsWith('*')
  return url => {
    if (only !== 0 && only !== portOf(url)) return false
    const hostname = withoutFinalDots(url.hostname.replace(/^\[(.+)\]$/, '$1'))
    return name === '*' || (hostname === name && !isBelowOnly) || hostname.endsWith(`.${name}`)
  }
}

function portOf({ port, protocol }: URL): number {
  return Number(port) || (protocol === 'https:' ? 443 : 80)
}

function requireProxyUrl(proxy: string, what: string): void {
  const url = typeof proxy === 'string' ? URL.parse(proxy) : null
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new DestinationRuleError('proxy', `${what} is not an absolute http or https URL`)
  if (!isPercentEncoded(url.username + url.password))
    throw new DestinationRuleError('proxy', 'its user name or password contains a "%" that is not written as "%25"')
}

/** A wrong `%` makes `decodeURIComponent` throw. The comparison is always true: it only uses the result. */
function isPercentEncoded(text: string): boolean {
  try {
    return decodeURIComponent(text).length <= text.length
  } catch {
    return false
  }
}
