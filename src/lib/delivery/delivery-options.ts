import type { Clock } from '../clock.ts'
import type { DestinationRules } from '../destination/rules.ts'
import type { Transport } from '../destination/transport/transport.ts'
import type { Log } from '../log/log.ts'
import type { AttemptHeaders } from './attempt/attempt-headers.ts'
import type { DeliveryStore } from './delivery-store.ts'
import type { OnFailed } from './handlers/on-failed.ts'
import type { OnOutage } from './handlers/on-outage.ts'
import type { OnResponse } from './handlers/on-response.ts'
import type { DeliverySigning } from './keys/delivery-signer.ts'

/** How deliveries are stored, signed and sent; see `createDelivery`. */
export interface DeliveryOptions {
  readonly store: DeliveryStore
  readonly signing: DeliverySigning
  /** The wait before each attempt, from the end of the one before, in seconds. Default: 0, 5, 300 and so on, ten in about three days. */
  readonly retryDelaysSeconds?: readonly number[]
  /**
   * The statuses of a response, from 300 to 599, that end a delivery as failed at once. The list replaces the default: with
   * `[]` a 410 is sent again, too. Default: `[410]`.
   */
  readonly finalStatuses?: readonly number[]
  /** Total time limit of an attempt, in milliseconds. Default: 15,000. */
  readonly timeoutMs?: number
  /** Which destinations requests may go to beyond the public ones, and which not. */
  readonly destinations?: DestinationRules
  /** Origins of our own servers: nothing is sent there. */
  readonly ownOrigins?: readonly string[]
  /**
   * Attempts at the same time: in all (default 1,024, at most half of the file descriptors that the process may have) and to
   * one origin (default 8). One that waits costs a socket, and at most `responseLimitBytes` of memory. Origins
   * whose last attempt brought no response, or that had none yet, have at most half of them, one each.
   */
  readonly concurrency?: { readonly total?: number; readonly perOrigin?: number }
  /**
   * Calls at the same time: in all (default 64) and to one origin (default 8). Up to 10,000 more, with 64 MiB of bodies, wait
   * for their turn within their own time limit.
   */
  readonly callConcurrency?: { readonly total?: number; readonly perOrigin?: number }
  /** At most so many attempts start in a second at each destination that has no rate of its own. Default: any number. */
  readonly ratePerSecond?: number
  /** Whether `start` begins to send what is due. Default: true. */
  readonly worker?: boolean
  /** Days that settled deliveries are kept: bytes (default 7), rows (30), rows of failed ones (90). */
  readonly retention?: { readonly bytesDays?: number; readonly rowsDays?: number; readonly failedDays?: number }
  /** Default: 262,144. */
  readonly payloadLimitBytes?: number
  /**
   * Whether bodies, and the responses that are kept, are sealed in the store as headers always are (AES-256-GCM, with a key
   * of the master secret). What was stored before stays as it is. Default: false.
   */
  readonly sealBodies?: boolean
  /** How much of a response's body is kept. Default: 65,536. */
  readonly responseLimitBytes?: number
  /** Default: the real time. */
  readonly clock?: Clock
  /** For jitter: a number from 0 up to 1. Default: `Math.random`. */
  readonly random?: () => number
  /** Default: the console. */
  readonly log?: Log
  /** What carries requests out. Default: the guarded transport. */
  readonly transport?: Transport
  /**
   * Gives further headers of each attempt and each `call`, such as a token that expires: called before it, within its time
   * limit. They are stored nowhere. Where it throws, does not return in time or gives a header that it may not give
   * (hop-by-hop headers, `host`, `content-length`, `cdn-loop`, `webhook-*`, `accept`, `accept-encoding`, `content-type`,
   * `user-agent`), the attempt is abandoned, which uses up no wait of the schedule at most ten times in a row.
   */
  readonly attemptHeaders?: AttemptHeaders
  /**
   * Called with the response to each delivery that asked for it, at least once. One that throws, or has not ended after 50 s,
   * is called again after 1, 5 and 30 minutes, and the log says so.
   */
  readonly onResponse?: OnResponse
  /**
   * Called with each delivery that failed, whatever the cause, or is blocked, at least once; not with cancelled ones. One
   * that throws is called again as `onResponse` is.
   */
  readonly onFailed?: OnFailed
  /**
   * Called when a destination has had no 2xx for `outageAfterSeconds` while something waited for it, and when it has
   * recovered: each at least once, and by one of all workers. One that throws is called again as `onResponse` is.
   */
  readonly onOutage?: OnOutage
  /** Default: 3,600. At least 1. */
  readonly outageAfterSeconds?: number
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
}
