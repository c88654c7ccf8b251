import { unknownNameIn, unknownNameText } from '../definition/check-names.ts'
import { withoutFinalDots } from '../url/without-final-dots.ts'
import { DestinationRuleError } from './destination-rule-error.ts'
import { compileHostList, type HostList } from './host-list.ts'
import { compileProxy } from './proxy-rule.ts'
import type { DestinationRules } from './rules.ts'
import { compileTlsRules } from './tls-rules.ts'

/** {@link DestinationRules}, checked and compiled. */
export interface CompiledRules {
  readonly allow: HostList
  readonly deny: HostList
  readonly ports: ReadonlySet<number> | undefined
  /** Each with its colon, as `URL` writes it. */
  readonly schemes: ReadonlySet<string>
  /** Host and port of our own servers, for any scheme. */
  readonly ownHosts: ReadonlySet<string>
}

/** The longest delay that a timer of Node takes. */
const longestTimerMs = 2_147_483_647

/** Checks and compiles every rule. Throws {@link DestinationRuleError} for the first one that is invalid. */
export function compileRules(rules: DestinationRules, ownOrigins: readonly string[]): CompiledRules {
  requireKnownNames(rules)
  compileProxy(rules.proxy)
  requireFunctions(rules)
  compileTlsRules(rules.tls)
  requireLookupTimeout(rules.lookupTimeoutMs)
  return {
    allow: compileHostList('allow', requireList('allow', rules.allow ?? [])),
    deny: compileHostList('deny', requireList('deny', rules.deny ?? [])),
    ports: rules.ports && new Set(requireList('ports', rules.ports).map(readPort)),
    schemes: new Set(requireList('schemes', rules.schemes ?? ['http', 'https']).map(readScheme)),
    ownHosts: new Set(requireList('ownOrigins', ownOrigins).map(readOrigin)),
  }
}

/**
 * Host and port of a URL, as `ownHosts` holds them. Ports 80 and 443 are left out, so that http and https count as one
 * server.
 */
export function comparableHost(url: URL): string {
  return withoutFinalDots(url.hostname) + (url.port && `:${url.port}`)
}

const RULE_NAMES: Readonly<Record<keyof DestinationRules, true>> = {
  allow: true,
  deny: true,
  ports: true,
  schemes: true,
  resolver: true,
  lookupTimeoutMs: true,
  proxy: true,
  tls: true,
  check: true,
}

function requireKnownNames(rules: DestinationRules): void {
  const unknown = unknownNameIn(rules, RULE_NAMES)
  if (unknown === undefined) return
  throw new DestinationRuleError(unknown, unknownNameText(unknown, RULE_NAMES, 'the destination rules'))
}

function requireList<Item>(rule: string, list: readonly Item[]): readonly Item[] {
  if (!Array.isArray(list)) throw new DestinationRuleError(rule, 'it must be a list')
  return list
}

function readPort(port: number): number {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new DestinationRuleError('ports', `${String(port)} is not a port number (1 to 65535)`)
  }
  return port
}

function readScheme(scheme: string): string {
  if (scheme !== 'http' && scheme !== 'https') {
    throw new DestinationRuleError('schemes', `"${String(scheme)}" is not "http" or "https"`)
  }
  return `${scheme}:`
}

function readOrigin(origin: string): string {
  const url = URL.parse(origin)
  if (url === null || url.hostname === '') {
    throw new DestinationRuleError('ownOrigins', `"${String(origin)}" is not an absolute URL`)
  }
  return comparableHost(url)
}

function requireLookupTimeout(timeoutMs: number | undefined): void {
  if (timeoutMs === undefined || (Number.isInteger(timeoutMs) && timeoutMs > 0 && timeoutMs <= longestTimerMs)) return
  throw new DestinationRuleError(
    'lookupTimeoutMs',
    `"${String(timeoutMs)}" is not a whole number of milliseconds from 1 to ${longestTimerMs}`,
  )
}

function requireFunctions({ resolver, check }: DestinationRules): void {
  const canResolve =
    typeof resolver === 'function' ||
    (typeof resolver?.resolve4 === 'function' && typeof resolver.resolve6 === 'function')
  if (resolver !== undefined && !canResolve) {
    throw new DestinationRuleError('resolver', 'it is neither a function nor an object with "resolve4" and "resolve6"')
  }
  if (check !== undefined && typeof check !== 'function')
    throw new DestinationRuleError('check', 'it is not a function')
}
