import type { AnyWebhookOptions, WebhookDefinition } from '../../operation/webhook-definition.ts'
import type { CompiledReceiver } from '../compiled-receiver.ts'
import { compileReceivedMessage } from '../received-message.ts'
import type { ReceivableWebhooks } from './received-webhook.ts'
import { envelopeOf } from './webhook-envelope.ts'

/** A webhook compiled for its receiver. */
export interface CompiledWebhookReceiver extends CompiledReceiver {
  readonly event: string
  /** Its body is an envelope, whose type says that it is this event. */
  readonly enveloped: boolean
}

/** Compiles webhooks from the receiver's point of view. Throws a `DefinitionError`. */
export function compileWebhookReceivers(webhooks: ReceivableWebhooks): CompiledWebhookReceiver[] {
  return Object.entries(webhooks).map(([event, definition]) => compile(event, definition as WebhookDefinition))
}

function compile(event: string, { method, options: given }: WebhookDefinition): CompiledWebhookReceiver {
  const { data, example: _, ...options } = given as AnyWebhookOptions
  const place = `the webhook "${event}"`
  const body = data ?? options.body!
  const message = compileReceivedMessage(event, { method, options: { ...options, body } }, place)
  const enveloped = data !== undefined
  return {
    ...{ event, enveloped, name: place, callbacks: [] },
    message: enveloped ? { ...message, body: envelopeOf(message.body!) } : message,
    matchPath: () => ({}),
  }
}
