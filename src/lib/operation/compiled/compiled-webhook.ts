import { DefinitionError } from '../../definition/definition-error.ts'
import { isThenable } from '../../is-thenable.ts'
import { validationErrors } from '../../schema/validation-error.ts'
import type { AnyWebhookOptions, WebhookDefinition, WebhookSet } from '../webhook-definition.ts'
import { type CompiledMessage, compileMessage } from './compiled-message.ts'
import { identifierOf } from './identifier.ts'

/** A webhook compiled: its message; to whom it goes is decided when it is sent. */
export interface CompiledWebhook extends CompiledMessage {
  readonly operationId: string
  readonly documented: boolean
  /** The body is the envelope of Standard Webhooks around what `body` describes. */
  readonly enveloped: boolean
  /** An example of the body without its envelope. */
  readonly example: unknown
}

/** Compiles the webhooks of an application. Throws a `DefinitionError`. */
export function compileWebhooks(set: WebhookSet = {}): CompiledWebhook[] {
  return Object.entries(set).map(([name, any]) => compileWebhook(name, any))
}

function compileWebhook(name: string, any: WebhookSet[string]): CompiledWebhook {
  const place = `the webhook "${name}"`
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name))
    throw new DefinitionError(
      `"${name}" cannot be the name of a webhook: write up to 128 letters, digits, ".", "_" and "-", a letter or digit first, such as "invoice.paid"`,
    )
  if (any?.kind !== 'webhook' || !('options' in any))
    throw new DefinitionError(`The webhook "${name}" is not a webhook: make one with webhook.post({ data: … })`)
  const { method, options: given } = any as WebhookDefinition
  const { data, example, documented = true, ...options } = given as AnyWebhookOptions
  const message = compileMessage(name, { method, options: { ...options, body: data ?? options.body! } }, place)
  checkExample(message, example, place)
  const operationId = options.operationId ?? (identifierOf(name) || identifierOf(`webhook ${name}`))
  return Object.freeze({ ...message, operationId, documented, enveloped: data !== undefined, example })
}

/** An example that its own schema refuses would mislead whoever writes a receiver. */
function checkExample({ body }: CompiledMessage, example: unknown, place: string): void {
  if (example === undefined || body === undefined) return
  const checked = body.validate(example)
  // A schema that has to wait cannot be asked while the application is made.
  if (isThenable(checked)) return void checked.then(undefined, () => {})
  if (checked.issues === undefined) return
  const [first] = validationErrors('body', checked.issues)
  throw new DefinitionError(
    `"example" of ${place} does not fit its schema, at "${first?.pointer}": ${first?.detail}; change the example`,
  )
}
