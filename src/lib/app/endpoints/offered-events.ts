import { DefinitionError } from '../../definition/definition-error.ts'
import type { OpenApiDocument } from '../../openapi/create-document.ts'
import type { CompiledWebhook } from '../../operation/compiled/compiled-webhook.ts'
import { type RequestMistake, RequestValidationError } from '../../request/errors/request-validation-error.ts'
import type { JsonSchema } from '../../schema/json-schema.ts'

/** Marks schemas whose names are known only once the application is complete. */
const MARK = 'x-ringback-offered'

/** Every documented event. */
const ALL = '*'

/** The events that owners may choose: those that are given, otherwise all documented ones. */
export class OfferedEvents {
  /** The name of an event. */
  readonly name: JsonSchema
  /** The same, or `*`. */
  readonly choice: JsonSchema
  readonly #given: readonly string[] | undefined

  constructor(given: readonly string[] | undefined) {
    this.#given = given
    const names = given?.filter(name => name !== ALL)
    const text = { type: 'string', maxLength: 128 }
    this.name = { $id: 'WebhookEventName', ...text, [MARK]: { names, all: false } }
    this.choice = {
      $id: 'WebhookEventChoice',
      ...text,
      ...(this.allowsAll && { description: '`*` is every documented event, `endpoint.…` excepted' }),
      [MARK]: { names, all: this.allowsAll },
    }
  }

  /** Whether `*` may be chosen, which is all documented events: those that are not offered, too. */
  get allowsAll(): boolean {
    return this.#given === undefined || this.#given.includes(ALL)
  }

  /** Those of an application's webhooks that are offered. */
  of(webhooks: readonly CompiledWebhook[]): readonly CompiledWebhook[] {
    return webhooks.filter(({ name, documented }) => documented && (this.#given?.includes(name) ?? true))
  }

  /** Throws a `RequestValidationError` for names that may not be chosen. `kept` may stay. */
  check(
    chosen: readonly string[],
    webhooks: readonly CompiledWebhook[],
    kept: ReadonlySet<string> = new Set<string>(),
  ): void {
    const names = new Set(this.of(webhooks).map(({ name }) => name))
    if (this.allowsAll) names.add(ALL)
    const mistakes = chosen.flatMap((name, index) =>
      names.has(name) || kept.has(name) ? [] : [notOffered('body', `#/events/${index}`, name)],
    )
    if (mistakes.length > 0) throw new RequestValidationError(mistakes)
  }

  /** The same for one name, as a filter or of a test. */
  checkOne(name: string | undefined, webhooks: readonly CompiledWebhook[], part: 'query' | 'body'): void {
    if (name === undefined || this.of(webhooks).some(webhook => webhook.name === name)) return
    throw new RequestValidationError([notOffered(part, '#/event', name)])
  }
}

const notOffered = (part: RequestMistake['in'], pointer: string, name: string): RequestMistake => ({
  in: part,
  pointer,
  code: 'enum',
  detail: `"${name}" is not an event that may be chosen: the operation listWebhookEvents lists them`,
  value: name,
})

interface Offered {
  readonly names?: readonly string[]
  readonly all: boolean
}

/** Lists the events in the schemas of a document. Throws a `DefinitionError` for one that the application does not have. */
export function placeOfferedEvents(document: OpenApiDocument, webhooks: readonly CompiledWebhook[]): void {
  for (const schema of Object.values(document.components?.schemas ?? {}) as Record<string, unknown>[]) {
    const offered = schema[MARK] as Offered | undefined
    if (offered === undefined) continue
    delete schema[MARK]
    const documented = webhooks.filter(webhook => webhook.documented).map(({ name }) => name)
    const unknown = offered.names?.find(name => !documented.includes(name))
    if (unknown !== undefined)
      throw new DefinitionError(
        `"events" of endpointRoutes names "${unknown}", which is not a documented webhook: declare it under "webhooks", or remove it`,
      )
    const names = [...(offered.all ? [ALL] : []), ...(offered.names ?? documented)]
    if (names.length > 0) schema['enum'] = names
  }
}
