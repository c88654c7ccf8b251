import { DefinitionError } from '../../definition/definition-error.ts'
import { isThenable } from '../../is-thenable.ts'
import { validationErrors } from '../../schema/validation-error.ts'
import { contentOf } from '../bodies/content-schema.ts'
import { isEndpointEvent } from '../webhook/endpoint-events.ts'
import { FRAMEWORK_PREFIX, type WebhookForms, webhookForms } from '../webhook/webhook-forms.ts'
import type { AnyWebhook, AnyWebhookOptions, WebhookDefinition, WebhookSet } from '../webhook-definition.ts'
import { type CompiledMessage, compileMessage } from './compiled-message.ts'
import { identifierOf } from './identifier.ts'

/** A webhook compiled for itself: its message. To whom it goes is decided when it is sent. */
export interface WebhookMessage extends CompiledMessage {
  readonly kind: 'webhook'
  readonly definition: WebhookDefinition
  readonly operationId: string
  readonly documented: boolean
  /** The body is the envelope of Standard Webhooks around what `body` describes. */
  readonly enveloped: boolean
  /** An example of the body without its envelope. */
  readonly example: unknown
  readonly onResponse: AnyWebhookOptions['onResponse']
}

/** A webhook compiled, with its place among the forms of its event. */
export interface CompiledWebhook extends WebhookMessage, WebhookForms {}

/** Compiles a whole set of webhooks. Throws a `DefinitionError`. */
export function compileWebhooks(set: WebhookSet = {}): CompiledWebhook[] {
  const messages = Object.entries(set).map(([name, any]) => compileWebhook(name, any))
  return withForms(new Map(messages.map(message => [message.name, message])))
}

/** Adds the forms of a whole set. Throws a `DefinitionError` where they are no chains. */
export function withForms(messages: ReadonlyMap<string, WebhookMessage>): CompiledWebhook[] {
  const forms = webhookForms(new Map([...messages].map(([name, { definition }]) => [name, definition])))
  return [...messages].map(([name, message]) => Object.freeze({ ...message, ...forms.get(name)! }))
}

/** Compiles one webhook. Throws a `DefinitionError`. */
export function compileWebhook(name: string, any: AnyWebhook): WebhookMessage {
  const place = `the webhook "${name}"`
  checkName(name, any)
  if (any?.kind !== 'webhook' || !('options' in any))
    throw new DefinitionError(`The webhook "${name}" is not a webhook: make one with webhook.post({ data: … })`)
  const definition = any as WebhookDefinition
  const {
    data,
    example,
    documented = true,
    onResponse,
    replaces: _form,
    ...options
  } = definition.options as AnyWebhookOptions
  const content = contentOf(data)
  if (content !== undefined && content.isJson !== true)
    throw new DefinitionError(`"data" of ${place} is not JSON, and its envelope is: give a schema, or use "body"`)
  const { method } = definition
  const message = compileMessage(name, { method, options: { ...options, body: data ?? options.body! } }, place)
  checkExample(message, example, place)
  const operationId = options.operationId ?? (identifierOf(name) || identifierOf(`webhook ${name}`))
  const enveloped = data !== undefined
  return Object.freeze({
    ...message,
    ...{ kind: 'webhook', definition, operationId, documented, enveloped, onResponse },
    example: example ?? ownExample(message),
  } as const)
}

function checkName(name: string, any: AnyWebhook): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name))
    throw new DefinitionError(
      `"${name}" cannot be the name of a webhook: write up to 128 letters, digits, ".", "_" and "-", a letter or digit first, such as "invoice.paid"`,
    )
  if (isEndpointEvent(name, any)) return
  if (name.startsWith(FRAMEWORK_PREFIX))
    throw new DefinitionError(
      `"${name}" cannot be the name of a webhook: "${FRAMEWORK_PREFIX}" begins the names of "endpointEvents"; give it another name`,
    )
}

/** The example that stands in the schema itself, if it fits. */
function ownExample({ body }: CompiledMessage): unknown {
  const { examples, example = Array.isArray(examples) ? examples[0] : undefined } = body?.input ?? {}
  if (example === undefined || body === undefined) return undefined
  const checked = body.validate(example)
  if (!isThenable(checked)) return checked.issues === undefined ? example : undefined
  checked.then(undefined, () => {})
  return undefined
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
