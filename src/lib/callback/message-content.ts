import type { CompiledMessage } from '../operation/compiled/compiled-message.ts'
import type { ParameterGroup } from '../operation/compiled/parameter-group.ts'
import type { CompiledSchema, Validated } from '../schema/compiled-schema.ts'
import { compilePruning, type Pruning } from '../schema/prune.ts'
import { isStackOverflow } from '../schema/stack-overflow.ts'
import { type ValidationError, validationErrors } from '../schema/validation-error.ts'
import type { Sent } from './bound-request.ts'
import { CallbackArgumentError } from './callback-argument-error.ts'

type Texts = Readonly<Record<string, string>>

/** The content of a message as text and bytes: the same at every attempt. */
export interface MessageContent {
  readonly body: Uint8Array | undefined
  readonly headers: Texts
  readonly query: Texts
  readonly path: Texts
  /** What the body was made of: its validated value. */
  readonly value: unknown
}

/**
 * Validates body, path values, headers and query parameters of a message once, and serialises them. Throws `CallbackArgumentError`.
 * Gives a promise only where a schema's validation does.
 */
export function messageContent(message: CompiledMessage, sent: Sent): MessageContent | Promise<MessageContent> {
  const { body, options } = sent
  const checked = [
    message.body?.validate(body),
    groupOf(message, 'headers')?.schema.validate(options.headers ?? {}),
    groupOf(message, 'query')?.schema.validate(options.query ?? {}),
    groupOf(message, 'params')?.schema.validate(options.path ?? {}),
  ]
  if (checked.some(part => part instanceof Promise))
    return Promise.all(checked).then(settled => checkedContent(message, sent, settled))
  return checkedContent(message, sent, checked as Checked[])
}

type Checked = Validated | undefined

function checkedContent(
  message: CompiledMessage,
  { options }: Sent,
  [body, headers, query, path]: readonly Checked[],
): MessageContent {
  const errors: ValidationError[] = []
  const content = {
    value: body?.issues === undefined ? body?.value : undefined,
    body: body && bodyBytes(message, body, errors),
    headers:
      headers === undefined ? texts(options.headers) : parameterTexts(groupOf(message, 'headers')!, headers, errors),
    query: query === undefined ? texts(options.query) : parameterTexts(groupOf(message, 'query')!, query, errors),
    path: path === undefined ? noTexts : parameterTexts(groupOf(message, 'params')!, path, errors),
  }
  if (errors.length > 0) throw new CallbackArgumentError(message.name, errors, message.kind)
  return content
}

function bodyBytes(
  { body, format }: CompiledMessage,
  checked: Validated,
  errors: ValidationError[],
): Uint8Array | undefined {
  if (checked.issues !== undefined) errors.push(...validationErrors('body', checked.issues))
  else
    try {
      // An optional body that is undefined is not sent.
      if (body === undefined || checked.value === undefined) return undefined
      const content = format.write(pruningOf(body)(checked.value))
      if (content !== undefined) return typeof content === 'string' ? Buffer.from(content) : content
      errors.push({
        in: 'body',
        pointer: '#',
        code: 'invalid',
        detail: `The value cannot be written as ${format.mediaType}`,
      })
    } catch (thrown) {
      if (!isStackOverflow(thrown)) throw thrown
      errors.push({ in: 'body', pointer: '#', code: 'invalid', detail: 'The value is nested too deeply' })
    }
  return undefined
}

const prunings = new WeakMap<object, Pruning>()

/** Here, too, only what is declared is sent. */
function pruningOf(schema: CompiledSchema): Pruning {
  const known = prunings.get(schema)
  if (known !== undefined) return known
  const pruning = compilePruning(schema.output)
  prunings.set(schema, pruning)
  return pruning
}

const noTexts: Texts = Object.freeze({})

type Values = Readonly<Record<string, unknown>>

const groupOf = ({ parameters }: CompiledMessage, key: 'params' | 'headers' | 'query') =>
  parameters.find(group => group.key === key)

function parameterTexts({ schema, location }: ParameterGroup, checked: Validated, errors: ValidationError[]): Texts {
  if (checked.issues === undefined) return texts(pruningOf(schema)(checked.value) as Values)
  errors.push(...validationErrors(location, checked.issues))
  return noTexts
}

function texts(values: Values | undefined): Texts {
  if (values === undefined) return noTexts
  const present = Object.entries(values).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(present.map(([name, value]) => [name, String(value)]))
}
