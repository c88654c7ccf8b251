import type { KnownNames } from '../../definition/check-names.ts'
import { quoted } from '../../definition/quoted.ts'
import { checkChannels } from '../../delivery/endpoints/check-endpoint.ts'
import { InvalidEndpointError } from '../../delivery/endpoints/errors/invalid-endpoint-error.ts'
import type { WebhookSendSettings } from '../../operation/webhook/bound-webhook.ts'
import { CallbackArgumentError } from '../callback-argument-error.ts'
import { problemOfOptions } from '../check-send-options.ts'

/** The options of a webhook's `send` as they are read at run time. */
export interface AnyWebhookSendOptions extends WebhookSendSettings {
  readonly headers?: Readonly<Record<string, unknown>>
}

const SEND_NAMES: Readonly<Record<keyof AnyWebhookSendOptions, true>> = {
  owner: true,
  idempotencyKey: true,
  timestamp: true,
  at: true,
  delayMs: true,
  expiresAt: true,
  orderingKey: true,
  transaction: true,
  channels: true,
  headers: true,
}

const mostChannels = 5
/** RFC 3339 writes years with four digits. */
const earliest = Date.parse('0000-01-01T00:00:00Z')
const latest = Date.parse('9999-12-31T23:59:59.999Z')

/** Refuses options that would be ignored, invalid times and channels. The owner is checked apart. */
export function checkWebhookOptions(event: string, options: AnyWebhookSendOptions): void {
  const problem =
    problemOfOptions(options, SEND_NAMES as KnownNames) ??
    problemOfTimestamp(options.timestamp) ??
    problemOfChannels(options.channels)
  if (problem !== undefined) throw new CallbackArgumentError(event, problem, 'webhook')
}

function problemOfTimestamp(timestamp: unknown): string | undefined {
  if (timestamp === undefined) return undefined
  const ms = timestamp instanceof Date ? timestamp.getTime() : Number.NaN
  if (ms >= earliest && ms <= latest) return undefined
  return `"timestamp" is ${quoted(timestamp)}; give a valid Date of a year up to 9999`
}

function problemOfChannels(channels: unknown): string | undefined {
  if (channels === undefined) return undefined
  try {
    checkChannels(channels, '/channels', mostChannels)
    return undefined
  } catch (error) {
    if (error instanceof InvalidEndpointError) return `at "#${error.pointer}" of its options: ${error.detail}`
    throw error
  }
}
