import { checkNames } from '../definition/check-names.ts'
import { checkedTimeoutMs, checkRetryDelays } from '../definition/check-times.ts'
import { definite } from '../definition/definite.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { checkFinalStatuses } from '../definition/final-statuses.ts'
import { quoted } from '../definition/quoted.ts'
import { type Concurrency, checkedConcurrency } from './check-concurrency.ts'
import type { EndpointOptions } from './endpoints/endpoint.ts'
import { checkEndpointOptions } from './endpoints/endpoint-rules.ts'
import { isRatePerSecond, rateText } from './isolation/start-rate.ts'
import type { DeliverySigning } from './keys/delivery-signer.ts'

interface Checked {
  readonly signing?: DeliverySigning
  readonly retryDelaysSeconds?: readonly number[]
  readonly finalStatuses?: readonly number[]
  readonly timeoutMs?: number
  readonly concurrency?: Partial<Concurrency>
  readonly callConcurrency?: Partial<Concurrency>
  readonly ratePerSecond?: number
  readonly retention?: {
    readonly bytesDays?: number
    readonly webhookDays?: number
    readonly rowsDays?: number
    readonly failedDays?: number
  }
  readonly endpoints?: EndpointOptions
  readonly payloadLimitBytes?: number
  readonly sealBodies?: boolean
  readonly responseLimitBytes?: number
  readonly onResponse?: unknown
  readonly onFailed?: unknown
  readonly onOutage?: unknown
  readonly attemptHeaders?: unknown
  readonly outageAfterSeconds?: number
}

const SIGNING_NAMES: Readonly<Record<keyof DeliverySigning, true>> = { masterSecret: true, keyPairs: true }
const CONCURRENCY_NAMES = { total: true, perOrigin: true } as const
const RETENTION_NAMES: Readonly<Record<keyof NonNullable<Checked['retention']>, true>> = {
  bytesDays: true,
  webhookDays: true,
  rowsDays: true,
  failedDays: true,
}

/** Refuses values that no delivery could work with, and unknown names inside the options. */
export function checkDeliveryValues(options: Checked): void {
  const { signing, retryDelaysSeconds, finalStatuses, timeoutMs } = options
  if (signing !== undefined) checkNames(signing, SIGNING_NAMES, '"signing"')
  definite(() => {
    if (retryDelaysSeconds !== undefined) checkRetryDelays(retryDelaysSeconds)
    if (finalStatuses !== undefined) checkFinalStatuses(finalStatuses)
    if (timeoutMs !== undefined) checkedTimeoutMs(timeoutMs)
    for (const name of ['concurrency', 'callConcurrency'] as const) {
      const given = options[name]
      if (given === undefined) continue
      checkNames(given, CONCURRENCY_NAMES, `"${name}"`)
      checkedConcurrency(name, given, { total: 1, perOrigin: 1 })
    }
  })
  const { ratePerSecond } = options
  if (ratePerSecond !== undefined && !isRatePerSecond(ratePerSecond))
    throw new DefinitionError(`"ratePerSecond" is ${quoted(ratePerSecond)}; ${rateText}`)
  checkRetention(options.retention)
  if (options.endpoints !== undefined) checkEndpointOptions(options.endpoints)
  if (options.sealBodies !== undefined && typeof options.sealBodies !== 'boolean')
    throw new DefinitionError(`"sealBodies" is ${quoted(options.sealBodies)}; give true or false`)
  for (const name of ['onResponse', 'onFailed', 'onOutage', 'attemptHeaders'] as const)
    if (options[name] !== undefined && typeof options[name] !== 'function')
      throw new DefinitionError(`"${name}" is ${quoted(options[name])}, not a function`)
  checkOutageAfter(options.outageAfterSeconds)
  checkBytes('payloadLimitBytes', options.payloadLimitBytes)
  checkBytes('responseLimitBytes', options.responseLimitBytes)
}

function checkRetention(retention: Checked['retention']): void {
  if (retention === undefined) return
  checkNames(retention, RETENTION_NAMES, '"retention"')
  for (const [name, days] of Object.entries(retention))
    if (days !== undefined && !(typeof days === 'number' && days >= 0))
      throw new DefinitionError(`"retention.${name}" is ${quoted(days)}; give a number of days, 0 or more`)
}

/** About 31 years. */
const longestOutageSeconds = 1e9

function checkOutageAfter(seconds: unknown): void {
  if (seconds === undefined || (typeof seconds === 'number' && seconds >= 1 && seconds <= longestOutageSeconds)) return
  throw new DefinitionError(
    `"outageAfterSeconds" is ${quoted(seconds)}; give a number of seconds from 1 to ${longestOutageSeconds}`,
  )
}

function checkBytes(name: string, bytes: number | undefined): void {
  if (bytes === undefined || bytes === Number.POSITIVE_INFINITY || (Number.isSafeInteger(bytes) && bytes >= 0)) return
  throw new DefinitionError(`"${name}" is ${quoted(bytes)}; give a whole number of bytes, 0 or more`)
}
