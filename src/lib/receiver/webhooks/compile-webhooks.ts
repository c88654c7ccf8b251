import { compileMessage } from '../../operation/compiled/compiled-message.ts'
import type { AnyWebhookOptions, WebhookDefinition } from '../../operation/webhook-definition.ts'
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

/** Compiles webhooks from the receiver's point of view: others may call their events anything. Throws a `DefinitionError`. */
export function compileWebhookReceivers(webhooks: ReceivableWebhooks): CompiledWebhookReceiver[] {
  return Object.entries(webhooks).map(([event, definition]) => compile(event, definition as WebhookDefinition))
}

function compile(event: string, { method, options: given }: WebhookDefinition): CompiledWebhookReceiver {
  const { data, example: _example, onResponse: _ofSender, replaces: _form, ...options } = given as AnyWebhookOptions
  const name = `the webhook "${event}"`
  const declared = { ...options, body: data ?? options.body! }
  const message = asReceived(compileMessage(event, { method, options: declared }, name), declared.body)
  const { body } = message
  const enveloped = data !== undefined
  return {
    ...{ event, enveloped, name, callbacks: [] },
    message: enveloped && body !== undefined ? { ...message, body: envelopeOf(body) } : message,
    matchPath: () => ({}),
  }
}
