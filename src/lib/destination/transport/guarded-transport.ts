import { type Clock, systemClock } from '../../clock.ts'
import { RingbackError } from '../../error.ts'
import { withoutFinalDots } from '../../url/without-final-dots.ts'
import { DestinationRefusedError } from '../destination-refused-error.ts'
import { literalAddress } from '../literal-address.ts'
import { type JudgedAddresses, JudgedHosts } from '../names/judged-hosts.ts'
import { nameServers } from '../names/name-servers.ts'
import type { DestinationPolicy } from '../policy.ts'
import { type CompiledProxy, compileProxy } from '../proxy-rule.ts'
import type { DestinationRules } from '../rules.ts'
import { refuseHost } from '../verdict.ts'
import { AttemptLimit } from './attempt-limit.ts'
import { CallbackTimeoutError } from './callback-timeout-error.ts'
import { CallbackUnreachableError } from './callback-unreachable-error.ts'
import { Connections } from './connections.ts'
import { defaultSocketLimit } from './default-socket-limit.ts'
import type { IdleLimits } from './idle-connections.ts'
import { sendJudged } from './send-judged.ts'
import type { Transport } from './transport.ts'
import { loadUndiciClient } from './undici-client.ts'

/** The options of {@link createGuardedTransport}. */
export interface GuardedTransportOptions {
  /** Judges every request; its rules also say by which `resolver` and `proxy` they go out. */
  readonly policy: DestinationPolicy
  /** Default: the real time. */
  readonly clock?: Clock
  /** Time for the look-up of a name, in milliseconds. Default: the policy's rule, else that of the whole attempt. */
  readonly lookupTimeoutMs?: number
  /** The name servers to ask, in the form of `dns.getServers()`. Default: those of the process or, as they change, the system. */
  readonly servers?: () => readonly string[]
  /** Time for one connection with its TLS handshake, in milliseconds; then the next address is tried. Default: 5,000. */
  readonly connectTimeoutMs?: number
  /** How many idle connections are kept: in all (default 1,024) and to one origin (default 8). */
  readonly idleConnections?: { readonly total?: number; readonly perOrigin?: number }
  /**
   * Sockets in all; idle ones are closed for new ones, and a request beyond waits within its time. Default: half of the file
   * descriptors that the process may have.
   */
  readonly socketLimit?: number
}

/**
 * Makes the transport that sends requests only to where the policy lets them go.
 *
 * The name is looked up, *every* address judged (one refused address refuses the answer), and the connection made to the
 * judged address itself, checked again on the socket; `Host`, SNI and certificate stay on the name. Redirects are never
 * followed. The time limit covers everything, a dripping body too; once the head of the response is in, its status counts,
 * with what came of its body. A judged answer is used for 5 s. A connection
 * is kept for the destination that it was used for; another one of the same recipient gets it once the loop has read what
 * came unasked, and one of another recipient not within 1 s of its last response.
 *
 * `send` rejects with `DestinationRefusedError`, `CallbackUnreachableError`, `CallbackTimeoutError`, with the reason of
 * the signal, or with what `beforeConnect` threw.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { createDestinationPolicy, createGuardedTransport } from 'ringback/destination'
 *
 * const server = createServer((_, response) => response.end('{"ok":true}')).listen(0, '127.0.0.1')
 * await new Promise(resolve => server.once('listening', resolve))
 * const address = server.address()
 * const port = typeof address === 'object' && address ? address.port : 0
 *
 * const transport = createGuardedTransport({ policy: createDestinationPolicy({ allow: ['127.0.0.0/8'] }) })
 * const response = await transport.send(
 *   { method: 'POST', url: `http://127.0.0.1:${port}/events`, headers: {}, body: Buffer.from('{"paid":true}') },
 *   { timeoutMs: 15_000, responseLimitBytes: 65_536 },
 * )
 * console.log(response.status, Buffer.from(response.body).toString()) // 200 {"ok":true}
 *
 * await transport.close()
 * server.close()
 * ```
 */
export function createGuardedTransport(options: GuardedTransportOptions): Transport {
  const { policy, clock = systemClock, servers = nameServers() } = options
  const { lookupTimeoutMs = policy.rules.lookupTimeoutMs } = options
  const hosts = new JudgedHosts({ policy, clock, lookupTimeoutMs, servers })
  const proxy = compileProxy(policy.rules.proxy)
  let opening: Promise<Connections> | undefined
  let connections: Connections | undefined
  let closed = false
  return {
    async send(request, sendOptions) {
      if (closed) throw new RingbackError('ERR_TRANSPORT_CLOSED', 'Cannot send a request: the transport is closed')
      const verdict = policy.judgeUrl(request.url)
      if (!verdict.allowed) throw new DestinationRefusedError(verdict, { permanent: true })
      const { url } = verdict
      const limit = new AttemptLimit(clock, url.origin, sendOptions)
      try {
        const name = proxy.getsName && proxy.urlFor(url) !== undefined ? nameOf(url) : undefined
        const found = name === undefined ? hosts.addressesOf(url, sendOptions.timeoutMs) : { addresses: [name] }
        const { addresses, later } = found instanceof Promise ? await lookedUp(found, url, limit) : found
        const { check } = policy.rules
        if (check) await limit.wait(requireCheck(check, url, name === undefined ? addresses : []))
        const more = check && later ? checkedLater(check, url, addresses, later) : later
        opening ??= openConnections(options, proxy)
        connections ??= await limit.wait(opening)
        const { destination = { url: request.url, recipient: undefined } } = sendOptions
        const wanted = { url, addresses, later: more, destination }
        return await sendJudged({ ...wanted, connections, request, options: sendOptions, limit })
      } finally {
        limit.release()
      }
    },
    async close() {
      closed = true
      hosts.close()
      await (await opening)?.close()
    },
  }
}

/** What a proxy is given that looks names up. */
function nameOf(url: URL): string | undefined {
  return literalAddress(url) === undefined ? withoutFinalDots(url.hostname) : undefined
}

/** Nothing was sent where the time passes before the name is resolved. */
async function lookedUp(found: Promise<JudgedAddresses>, url: URL, limit: AttemptLimit): Promise<JudgedAddresses> {
  try {
    return await limit.wait(found)
  } catch (error) {
    throw error instanceof CallbackTimeoutError
      ? new CallbackUnreachableError(url.origin, 'dns', { cause: error, detail: 'lookup-silent' })
      : error
  }
}

async function openConnections(options: GuardedTransportOptions, proxy: CompiledProxy): Promise<Connections> {
  const { policy, clock = systemClock, connectTimeoutMs = 5_000, idleConnections } = options
  const { socketLimit = defaultSocketLimit() } = options
  const undici = await loadUndiciClient()
  const idle: IdleLimits = { total: 1_024, perOrigin: 8, ...idleConnections }
  const { tls } = policy.rules
  return new Connections({ undici, clock, proxyFor: proxy.urlFor, tls, connectTimeoutMs, idle, socketLimit })
}

/** None of those that come later where the application does not take them. */
async function checkedLater(
  check: NonNullable<DestinationRules['check']>,
  url: URL,
  addresses: readonly string[],
  later: Promise<readonly string[]>,
): Promise<readonly string[]> {
  try {
    const more = await later
    if (more.length > 0) await requireCheck(check, url, [...addresses, ...more])
    return more
  } catch {
    return []
  }
}

async function requireCheck(
  check: NonNullable<DestinationRules['check']>,
  url: URL,
  addresses: readonly string[],
): Promise<void> {
  const refused = refuseHost('check')
  try {
    if ((await check({ url: new URL(url), addresses: [...addresses] })) === true) return
  } catch (cause) {
    throw new DestinationRefusedError(refused, { permanent: false, cause })
  }
  throw new DestinationRefusedError(refused, { permanent: false })
}
