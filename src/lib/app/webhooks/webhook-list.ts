import { DefinitionError } from '../../definition/definition-error.ts'
import {
  type CompiledWebhook,
  compileWebhook,
  type WebhookMessage,
  withForms,
} from '../../operation/compiled/compiled-webhook.ts'
import type { WebhookSet } from '../../operation/webhook-definition.ts'

/** The webhooks of an application, whatever declares them: each is compiled once, when it is declared first. */
export class WebhookList {
  readonly #messages = new Map<string, WebhookMessage>()
  /** Those of mounted applications, whose customers register their endpoints here. */
  readonly #joined: WebhookList[] = []
  #outer: WebhookList | undefined
  /** What the outermost has found of all forms, until one is added. */
  #known: ReadonlyMap<string, CompiledWebhook> | undefined

  /** Adds a set that `place` declares. Throws a `DefinitionError`, also where a name has another definition already. */
  add(set: WebhookSet, place: string): void {
    for (const [name, definition] of Object.entries(set)) {
      const known = this.#outermost.#find(name)
      if (known === undefined) this.#messages.set(name, compileWebhook(name, definition))
      else if (known.definition !== definition) throw twoDefinitions(name, place)
      else this.#messages.set(name, known)
    }
    this.#outermost.#known = undefined
  }

  /** Adds the webhooks of a mounted application. No path changes their names. */
  join(list: WebhookList, path: string): void {
    for (const [name, { definition }] of list.#everyMessage()) {
      const known = this.#outermost.#find(name)
      if (known !== undefined && known.definition !== definition)
        throw twoDefinitions(name, `the application mounted at "${path}"`)
    }
    this.#joined.push(list)
    list.#outer = this
    this.#outermost.#known = undefined
  }

  /** What the document of this application has. */
  get own(): readonly CompiledWebhook[] {
    const all = this.all
    return [...this.#messages.keys()].map(name => all.get(name)!)
  }

  /** Those of the whole family of applications. Throws a `DefinitionError` where their forms are no chains. */
  get all(): ReadonlyMap<string, CompiledWebhook> {
    const outermost = this.#outermost
    outermost.#known ??= new Map(withForms(new Map(outermost.#everyMessage())).map(webhook => [webhook.name, webhook]))
    return outermost.#known
  }

  byName(event: string): CompiledWebhook | undefined {
    return this.all.get(event)
  }

  /** Whether there are any, those of mounted applications included. */
  get any(): boolean {
    return this.#messages.size > 0 || this.#joined.some(list => list.any)
  }

  get #outermost(): WebhookList {
    return this.#outer === undefined ? this : this.#outer.#outermost
  }

  #find(name: string): WebhookMessage | undefined {
    return this.#messages.get(name) ?? this.#joined.map(list => list.#find(name)).find(Boolean)
  }

  *#everyMessage(): Generator<[string, WebhookMessage]> {
    yield* this.#messages
    for (const list of this.#joined) yield* list.#everyMessage()
  }
}

const twoDefinitions = (name: string, place: string): DefinitionError =>
  new DefinitionError(
    `Two different webhook definitions are called "${name}", the second on ${place}: rename one of them`,
  )
