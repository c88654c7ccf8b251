import { endpointNumber } from '../../delivery/endpoints/endpoint-rules.ts'
import type { CompiledMessage } from '../../operation/compiled/compiled-message.ts'
import type { ServerObject } from '../objects/server-object.ts'
import {
  finalStatusKeys,
  linkText,
  type ReceivingOptions,
  scheduleText,
  timesOf,
  timeText,
  verifyText,
} from '../receiving.ts'

/** How webhooks are delivered, for machines: `x-webhook-delivery`. */
export interface DescribedDelivery {
  /** The wait before each attempt. */
  readonly retryDelaysSeconds: readonly number[]
  readonly timeoutMs: number
  /** How long no attempt may get a 2xx until the endpoint is disabled. */
  readonly disableAfterSeconds: number
  /** The versions of the signatures that every attempt has. */
  readonly signatures: readonly string[]
}

const DAY_SECONDS = 86_400
const DISABLE_DAYS = 3

/** What every receiver of a webhook has to know, in one paragraph of Markdown. */
export function webhookNote(
  message: CompiledMessage,
  receiving: ReceivingOptions,
  servers: readonly ServerObject[] | undefined,
): string {
  // A 410 does more than end a delivery
  const final = finalStatusKeys(message.options, receiving).filter(key => key !== '410')
  return [
    verifyText(servers, 'of the endpoint, which whoever made it has got'),
    'It is sent at least once: drop what comes again with the same `webhook-id`.',
    'There is no order, unless the sender gives messages an ordering key: those of one key come one after the other.',
    scheduleText(message, receiving, final),
    disableText(receiving),
    ...linkText(receiving, 'How to receive webhooks'),
  ].join(' ')
}

/** The same for machines. */
export function webhookDelivery(message: CompiledMessage, receiving: ReceivingOptions): DescribedDelivery {
  const { retryDelaysSeconds, timeoutMs } = timesOf(message, receiving)
  const disableAfterSeconds = endpointNumber('disableAfterSeconds', receiving.endpoints)
  return { retryDelaysSeconds: [...retryDelaysSeconds], timeoutMs, disableAfterSeconds, signatures: ['v1', 'v1a'] }
}

function disableText({ endpoints }: ReceivingOptions): string {
  const seconds = endpointNumber('disableAfterSeconds', endpoints)
  const count = endpointNumber('disableAfterAttempts', endpoints)
  const attempts = count === 1 ? '1 attempt' : `${count} attempts`
  return `An endpoint is disabled when it answers 410, or when for ${daysText(seconds)}, over at least ${attempts}${onDays(seconds)}, not one attempt got a 2xx.`
}

/** A short time touches fewer days. */
function onDays(seconds: number): string {
  const days = Math.min(DISABLE_DAYS, Math.floor(seconds / DAY_SECONDS) + 1)
  if (days === 1) return ''
  return seconds >= days * DAY_SECONDS ? ` on at least ${days} of these days` : ` on at least ${days} different days`
}

const daysText = (seconds: number): string =>
  seconds > DAY_SECONDS && seconds % DAY_SECONDS === 0 ? `${seconds / DAY_SECONDS} days` : timeText(seconds)
