import type { Clock } from '../../clock.ts'
import type { Deliveries } from '../../delivery/deliveries.ts'
import type { Endpoints, OfOwner } from '../../delivery/endpoints/endpoint.ts'
import type { WebhookMessages } from '../../delivery/endpoints/messages.ts'
import { ownerText } from '../../delivery/endpoints/owner.ts'
import { HttpError } from '../../http/http-error.ts'
import type { CompiledWebhook } from '../../operation/compiled/compiled-webhook.ts'
import { dependency } from '../../operation/dependency-definition.ts'
import type { Dependency } from '../../operation/dependency-set.ts'
import type { AppRuntime } from '../../request/app-runtime.ts'
import type { RequestContext } from '../../request/request-context.ts'
import { type ListPlace, SealedCursor } from './sealed-cursor.ts'

/** One request of an owner: whose it is, and what of the application serves it. */
export class OwnerCall {
  readonly of: OfOwner & { readonly owner: string }
  readonly #runtime: AppRuntime
  readonly #path: string

  constructor(owner: string, context: RequestContext) {
    this.of = { owner }
    this.#runtime = context['~runtime']
    this.#path = context['~view'].path
  }

  get endpoints(): Endpoints {
    return this.#runtime.delivery.engine.endpoints
  }

  get messages(): WebhookMessages {
    return this.#runtime.delivery.engine.messages
  }

  get deliveries(): Deliveries {
    return this.#runtime.delivery.engine.deliveries
  }

  get webhooks(): readonly CompiledWebhook[] {
    return this.#runtime.webhooks
  }

  get document(): AppRuntime['document'] {
    return this.#runtime.document
  }

  get clock(): Clock {
    return this.#runtime.delivery.clock
  }

  /** The cursors of one of this owner's lists. */
  cursorOf(...place: ListPlace): SealedCursor {
    return new SealedCursor(this.#runtime.delivery.masterSecret, [this.of.owner, ...place])
  }

  /** The path of something below the one that was asked for, as clients write it. */
  pathBelow(id: string): string {
    return `${this.#runtime.basePath}${this.#path.replace(/\/$/, '')}/${id}`
  }
}

/** Makes the call of a request from the dependency that names its owner. */
export const ownerCall = (owner: Dependency<string>): Dependency<OwnerCall> =>
  dependency({ dependencies: { owner } }, context => new OwnerCall(checkedOwner(context.owner), contextOf(context)))

/** Contexts are made by the steps of a request, and have more than their types show to everybody. */
const contextOf = (context: object): RequestContext => context as RequestContext

/** A caller without an owner must not become a caller of everyone's. It is the program's mistake, and so a 500. */
function checkedOwner(owner: unknown): string {
  if (typeof owner !== 'string') throw noOwner(`a value of type "${typeof owner}"`)
  if (owner === '') throw noOwner('an empty text')
  try {
    return ownerText(owner)
  } catch (cause) {
    throw noOwner('a text that cannot be an owner', cause)
  }
}

const noOwner = (given: string, cause?: unknown): Error =>
  new Error(
    `The dependency "owner" of endpointRoutes gave ${given}: let it give 1 to 256 characters, none of them a control character`,
    cause === undefined ? {} : { cause },
  )

/** Ids that the engine could have made. Any other text names nothing. */
const ID = /^[\w-]{1,200}$/

/** The id that a path has. Throws the 404 of `what` for one that cannot be. */
export function pathId(text: string, what: 'endpoint' | 'delivery' | 'message'): string {
  if (ID.test(text)) return text
  throw notFound(what)
}

/** The same for a foreign, a deleted and an invented id. */
export const notFound = (what: 'endpoint' | 'delivery' | 'message'): HttpError =>
  new HttpError(404, `There is no such ${what}`, { code: `${what}-not-found` })
