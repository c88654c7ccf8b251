import { compileWebhook } from '../../operation/compiled/compiled-webhook.ts'
import type { AnyWebhook, AnyWebhookOptions } from '../../operation/webhook-definition.ts'
import type { CompiledReceiver } from '../compiled-receiver.ts'
import { asReceived } from '../received-message.ts'
import type { ReceivableWebhooks } from './received-webhook.ts'
import { envelopeOf } from './webhook-envelope.ts'

/** A webhook compiled for its receiver. */
export interface CompiledWebhookReceiver extends CompiledReceiver {
  readonly event: string
  /** Its body is an envelope, whose type says that it is this event. */
  readonly enveloped: boolean
}

/** Compiles webhooks from the receiver's point of view, each by itself. Throws a `DefinitionError`. */
export function compileWebhookReceivers(webhooks: ReceivableWebhooks): CompiledWebhookReceiver[] {
  return Object.entries(webhooks).map(([event, definition]) => compile(event, definition))
}

function compile(event: string, any: AnyWebhook): CompiledWebhookReceiver {
  const compiled = compileWebhook(event, any)
  const { enveloped, definition } = compiled
  const { data, body: whole } = definition.options as AnyWebhookOptions
  const message = asReceived(compiled, data ?? whole)
  const { body } = message
  return {
    ...{ event, enveloped, name: `the webhook "${event}"`, callbacks: [] },
    message: enveloped && body !== undefined ? { ...message, body: envelopeOf(body) } : message,
    matchPath: () => ({}),
  }
}
