import { constants, X509Certificate } from 'node:crypto'
import { createSecureContext, type SecureContext } from 'node:tls'
import { unknownNameIn, unknownNameText } from '../definition/check-names.ts'
import { withoutFinalDots } from '../url/without-final-dots.ts'
import { parseIpAddress } from './address/ip-address.ts'
import { DestinationRuleError } from './destination-rule-error.ts'
import { compileHostList } from './host-list.ts'
import { literalAddress } from './literal-address.ts'

/** A certificate or key in PEM, as text or as a file holds it. */
export type Pem = string | Uint8Array

/**
 * How TLS is set up with some hosts.
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs'
 * import type { TlsRule } from 'ringback/destination'
 *
 * const partners = (): TlsRule => ({
 *   hosts: ['*.partner.example'],
 *   cert: readFileSync('client.pem'),
 *   key: readFileSync('client-key.pem'),
 *   minVersion: 'TLSv1.3',
 * })
 * ```
 */
export interface TlsRule {
  /** As in `allow`: names, all names below one, addresses and blocks. The first matching rule counts. */
  readonly hosts: readonly string[]
  /** The certificate authorities to trust, instead of those that Node trusts. */
  readonly ca?: Pem | readonly Pem[]
  /** The client certificate with its chain, for receivers that ask for one. Needs `key`. */
  readonly cert?: Pem
  readonly key?: Pem
  /** Default: TLSv1.2. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3'
}

const TLS_RULE_NAMES: Readonly<Record<keyof TlsRule, true>> = {
  hosts: true,
  ca: true,
  cert: true,
  key: true,
  minVersion: true,
}

/**
 * Makes the function that finds the TLS context for a URL. Throws `DestinationRuleError` for a rule that cannot be
 * used.
 */
export function compileTlsRules(rules: readonly TlsRule[] = []): (url: URL) => SecureContext | undefined {
  if (!Array.isArray(rules)) throw new DestinationRuleError('tls', 'it must be a list')
  const compiled = rules.map(rule => ({ hosts: compileHosts(rule), context: contextOf(rule) }))
  return url => compiled.find(({ hosts }) => hosts(url))?.context
}

function compileHosts(rule: TlsRule): (url: URL) => boolean {
  if (typeof rule !== 'object' || rule === null) throw new DestinationRuleError('tls', 'each rule must be an object')
  const unknown = unknownNameIn(rule, TLS_RULE_NAMES)
  if (unknown !== undefined)
    throw new DestinationRuleError('tls', unknownNameText(unknown, TLS_RULE_NAMES, 'a rule of "destinations.tls"'))
  const { hosts } = rule
  if (!Array.isArray(hosts) || hosts.length === 0)
    throw new DestinationRuleError('tls', '"hosts" must be a list of names, addresses or blocks')
  const { hasName, hasAddress } = compileHostList('tls', hosts)
  return url => {
    const address = literalAddress(url)
    const parsed = address === undefined ? undefined : parseIpAddress(address)
    return parsed === undefined ? hasName(withoutFinalDots(url.hostname)) : hasAddress(parsed)
  }
}

/** Made once: a context costs more than a handshake. */
function contextOf({ hosts, ca, cert, key, minVersion = 'TLSv1.2' }: TlsRule): SecureContext {
  if ((cert === undefined) !== (key === undefined))
    throw new DestinationRuleError('tls', '"cert" and "key" go together: give both')
  if (minVersion !== 'TLSv1.2' && minVersion !== 'TLSv1.3')
    throw new DestinationRuleError('tls', `"minVersion" is "${String(minVersion)}" and not "TLSv1.2" or "TLSv1.3"`)
  try {
    const authorities = ca === undefined ? undefined : [ca].flat().map(bytesOf)
    for (const authority of authorities ?? []) new X509Certificate(authority)
    return createSecureContext({
      minVersion,
      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
      ...(authorities && { ca: authorities }),
      ...(cert !== undefined && key !== undefined && { cert: bytesOf(cert), key: bytesOf(key) }),
    })
  } catch (error) {
    const { message } = error as Error
    throw new DestinationRuleError('tls', `a certificate or key for "${hosts.join()}" cannot be used (${message})`)
  }
}

function bytesOf(pem: Pem): Buffer {
  return Buffer.from(pem as Uint8Array)
}
