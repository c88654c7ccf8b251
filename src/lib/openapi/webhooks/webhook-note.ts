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
export interface WebhookDelivery {
  /** The wait before each attempt. */
  readonly retryDelaysSeconds: readonly number[]
  readonly timeoutMs: number
  /** How long no attempt may get a 2xx until the endpoint is disabled. */
  readonly disableAfterSeconds: number
  /** The versions of the signatures that every attempt has. */
  readonly signatures: readonly string[]
}

const DISABLE_AFTER_SECONDS = 432_000
const DISABLE_AFTER_ATTEMPTS = 10
const DISABLE_AFTER_DAYS = 3
const DAY_SECONDS = 86_400

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
export function webhookDelivery(message: CompiledMessage, receiving: ReceivingOptions): WebhookDelivery {
  const { retryDelaysSeconds, timeoutMs } = timesOf(message, receiving)
  const disableAfterSeconds = receiving.endpoints?.disableAfterSeconds ?? DISABLE_AFTER_SECONDS
  return { retryDelaysSeconds: [...retryDelaysSeconds], timeoutMs, disableAfterSeconds, signatures: ['v1', 'v1a'] }
}

function disableText({ endpoints = {} }: ReceivingOptions): string {
  const { disableAfterSeconds: seconds = DISABLE_AFTER_SECONDS, disableAfterAttempts = DISABLE_AFTER_ATTEMPTS } =
    endpoints
  const attempts = disableAfterAttempts === 1 ? '1 attempt' : `${disableAfterAttempts} attempts`
  const days = seconds >= DISABLE_AFTER_DAYS * DAY_SECONDS ? ` on at least ${DISABLE_AFTER_DAYS} of these days` : ''
  return `An endpoint is disabled when it answers 410, or when for ${daysText(seconds)}, over at least ${attempts}${days}, not one attempt got a 2xx.`
}

const daysText = (seconds: number): string =>
  seconds > DAY_SECONDS && seconds % DAY_SECONDS === 0 ? `${seconds / DAY_SECONDS} days` : timeText(seconds)
