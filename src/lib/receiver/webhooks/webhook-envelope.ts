import type { CompiledSchema } from '../../schema/compiled-schema.ts'
import { type Issue, pathOf, type Validated } from '../../schema/issue.ts'
import { validatedBy } from '../received-message.ts'

/** The body that Standard Webhooks defines in "Payload structure". */
export interface WebhookEnvelope {
  readonly type: string
  readonly timestamp: string
  readonly data: unknown
}

/** The event that a body says it is; undefined where it says none. */
export function typeOf(raw: unknown): string | undefined {
  const type = typeof raw === 'object' && raw !== null && 'type' in raw ? raw.type : undefined
  return typeof type === 'string' ? type : undefined
}

/** Whether a body is an envelope, of whatever event. */
export const isEnvelope = (raw: unknown): raw is WebhookEnvelope =>
  typeOf(raw) !== undefined && 'data' in (raw as object) && isTime((raw as { timestamp?: unknown }).timestamp)

const isTime = (value: unknown): value is string => typeof value === 'string' && !Number.isNaN(Date.parse(value))

/** The schema of an envelope around what `data` describes. That it has a type is known before. */
export function envelopeOf(data: CompiledSchema): CompiledSchema {
  const validated = (raw: WebhookEnvelope, result: Validated): Validated => {
    const issues = [...issuesOfTime(raw), ...(result.issues ?? []).map(issue => belowData(issue, raw))]
    return issues.length > 0 ? { issues } : { value: { ...raw, data: (result as { value: unknown }).value } }
  }
  return validatedBy(data, value => {
    const raw = value as WebhookEnvelope
    const result = data.validate(raw.data)
    return result instanceof Promise ? result.then(settled => validated(raw, settled)) : validated(raw, result)
  })
}

const MISSING = { message: 'It is required', mistake: { code: 'required', wantsBoolean: false } } as const

function belowData(issue: Issue, raw: WebhookEnvelope): Issue {
  return Object.hasOwn(raw, 'data') ? { ...issue, path: ['data', ...pathOf(issue)] } : { ...MISSING, path: ['data'] }
}

function issuesOfTime(raw: WebhookEnvelope): Issue[] {
  const path = ['timestamp']
  if (!Object.hasOwn(raw, 'timestamp')) return [{ ...MISSING, path }]
  if (isTime(raw.timestamp)) return []
  return [{ path, message: 'It must be a date and time (RFC 3339)', mistake: { code: 'format', wantsBoolean: false } }]
}
