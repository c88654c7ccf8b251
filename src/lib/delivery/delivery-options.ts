import type { Clock } from '../clock.ts'
import type { DestinationRules } from '../destination/rules.ts'
import type { Transport } from '../destination/transport/transport.ts'
import type { Log } from '../log/log.ts'
import type { AttemptHeaders } from './attempt/attempt-headers.ts'
import type { DeliveryStore } from './delivery-store.ts'
import type { EndpointOptions } from './endpoints/endpoint.ts'
import type { OnFailed } from './handlers/on-failed.ts'
import type { OnOutage } from './handlers/on-outage.ts'
import type { OnResponse } from './handlers/on-response.ts'
import type { DeliverySigning } from './keys/delivery-signer.ts'

/** How deliveries are stored, signed and sent; see `createDelivery`. */
export interface DeliveryOptions {
  readonly store: DeliveryStore
  readonly signing: DeliverySigning
  /**
   * The wait before each attempt, counted from the end of the one before, in seconds. Default: 0, 5, 300 and so on; ten
   * attempts in about three days.
   */
  readonly retryDelaysSeconds?: readonly number[]
  /**
   * The statuses of a response, from 300 to 599, that end a delivery as failed at once. The list replaces the default:
   * with `[]`, a delivery is retried after a 410 as well. Default: `[410]`.
   */
  readonly finalStatuses?: readonly number[]
  /** Total time limit of an attempt, in milliseconds. Default: 15,000. */
  readonly timeoutMs?: number
  /** Which destinations requests may go to in addition to the public ones, and which are refused. */
  readonly destinations?: DestinationRules
  /** Origins of our own servers. Nothing is sent there. */
  readonly ownOrigins?: readonly string[]
  /**
   * Attempts at the same time: in all (default 1,024, at most half of the file descriptors that the process may have)
   * and to one origin (default 8). An attempt that waits for a response costs a socket, and at most
   * `responseLimitBytes` of memory. Origins whose last attempt brought no response, and origins that have not been
   * tried yet, get one attempt each, and at most half of the total together.
   */
  readonly concurrency?: { readonly total?: number; readonly perOrigin?: number }
  /**
   * Calls at the same time: in all (default 64) and to one origin (default 8). Up to 10,000 more calls, with 64 MiB of
   * bodies, wait for their turn within their own time limit.
   */
  readonly callConcurrency?: { readonly total?: number; readonly perOrigin?: number }
  /** How many attempts may start per second at each destination that has no rate of its own. Default: any number. */
  readonly ratePerSecond?: number
  /** Whether `start` begins to send what is due. Default: true. */
  readonly worker?: boolean
  /**
   * How many days settled deliveries are kept: their bytes (default 7; those of webhooks 14), their rows (30), and rows of failed ones (90).
   */
  readonly retention?: {
    readonly bytesDays?: number
    readonly webhookDays?: number
    readonly rowsDays?: number
    readonly failedDays?: number
  }
  /** Default: 262,144. */
  readonly payloadLimitBytes?: number
  /**
   * Whether bodies and kept responses are sealed in the store, as headers always are (AES-256-GCM, with a key derived
   * from the master secret). What is already stored stays as it is. Default: false.
   */
  readonly sealBodies?: boolean
  /** How much of a response's body is kept. Default: 65,536. */
  readonly responseLimitBytes?: number
  /** Default: the real time. */
  readonly clock?: Clock
  /** For jitter: returns a number from 0 up to 1. Default: `Math.random`. */
  readonly random?: () => number
  /** Default: the console. */
  readonly log?: Log
  /** Sends the requests. Default: the guarded transport. */
  readonly transport?: Transport
  /**
   * Gives further headers for each attempt and each `call`, such as a token that expires. It is called before the
   * request is sent, within the same time limit. The headers are stored nowhere. If it throws, does not return in time,
   * or gives a header that it may not give (hop-by-hop headers, `host`, `content-length`, `cdn-loop`, `webhook-*`,
   * `accept`, `accept-encoding`, `content-type`, `user-agent`), the attempt is abandoned. The first ten such attempts
   * in a row use up no wait of the schedule.
   */
  readonly attemptHeaders?: AttemptHeaders
  /**
   * Called with the response to each delivery that asked for it, at least once. If it throws, or has not ended after
   * 50 s, it is called again after 1, 5 and 30 minutes, and the log says so.
   */
  readonly onResponse?: OnResponse
  /**
   * Called with each delivery that failed, for whatever reason, or is blocked, at least once; not with cancelled ones.
   * If it throws, it is called again as `onResponse` is.
   */
  readonly onFailed?: OnFailed
  /**
   * Called when a destination has had no 2xx for `outageAfterSeconds` while something waited for it, and again when it
   * has recovered. Each is told at least once, by one of all workers. If it throws, it is called again as `onResponse`
   * is.
   */
  readonly onOutage?: OnOutage
  /** Default: 3,600. At least 1. */
  readonly outageAfterSeconds?: number
  /** How the endpoints of webhooks are treated. */
  readonly endpoints?: EndpointOptions
}

/** Every option of `createDelivery`. */
export const DELIVERY_NAMES: Readonly<Record<keyof DeliveryOptions, true>> = {
  store: true,
  signing: true,
  retryDelaysSeconds: true,
  finalStatuses: true,
  timeoutMs: true,
  destinations: true,
  ownOrigins: true,
  concurrency: true,
  callConcurrency: true,
  ratePerSecond: true,
  worker: true,
  retention: true,
  payloadLimitBytes: true,
  sealBodies: true,
  responseLimitBytes: true,
  clock: true,
  random: true,
  log: true,
  transport: true,
  attemptHeaders: true,
  onResponse: true,
  onFailed: true,
  onOutage: true,
  outageAfterSeconds: true,
  endpoints: true,
}
