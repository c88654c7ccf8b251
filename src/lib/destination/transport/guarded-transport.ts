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
  /** Judges every request. Its rules also name the `resolver` and the `proxy`. */
  readonly policy: DestinationPolicy
  /** Default: the real time. */
  readonly clock?: Clock
  /**
   * Time limit for looking a name up, in milliseconds. Default: the policy's rule, else the limit of the whole attempt.
   */
  readonly lookupTimeoutMs?: number
  /**
   * The name servers to ask, in the form of `dns.getServers()`. Default: those of the process, else the system's
   * current ones.
   */
  readonly servers?: () => readonly string[]
  /**
   * Time limit for one connection with its TLS handshake, in milliseconds; after that the next address is tried.
   * Default: 5,000.
   */
  readonly connectTimeoutMs?: number
  /** How many idle connections are kept: in all (default 1,024) and to one origin (default 8). */
  readonly idleConnections?: { readonly total?: number; readonly perOrigin?: number }
  /**
   * The most sockets at a time. Idle ones are closed to make room; further requests wait within their time limit.
   * Default: half of the file descriptors that the process may have.
   */
  readonly socketLimit?: number
}

/**
 * Makes the transport that sends requests only where the policy allows.
 *
 * The name is looked up, and *every* address is judged: one refused address refuses the host. The connection goes to
 * the judged address itself, which is checked again on the socket; `Host`, SNI and certificate still use the name.
 * Redirects are never followed. The time limit covers everything, including a slow body; once the head of the response
 * has come, its status counts, with the part of the body that came. A judged answer of the name servers is used for
 * 5 s. A connection is kept for the destination that it was used for. Another destination of the same recipient may use
 * it after the event loop has read what came unasked; a destination of another recipient only 1 s after its last
 * response.
 *
 * `send` rejects with `DestinationRefusedError`, `CallbackUnreachableError` or `CallbackTimeoutError`, with the reason
 * of the signal, or with what `beforeConnect` threw.
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

/** The name that a proxy is to look up; undefined if the host is an address. */
function nameOf(url: URL): string | undefined {
  return literalAddress(url) === undefined ? withoutFinalDots(url.hostname) : undefined
}

/**
 * If the time limit passes before the name is resolved, nothing was sent: the error is not a timeout of the receiver.
 */
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
  return new Connections({ undici, clock, proxyFor: proxy.urlFor, tls, connectTimeoutMs }, idle, socketLimit)
}

/** The addresses that come later, or none of them if the application's `check` refuses. */
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
