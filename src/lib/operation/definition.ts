import type { TemplateNames, TemplateParams } from '../expression/types/path-template.ts'
import type { Absent, Input, Schema } from '../schema/schema.ts'
import type { ChosenFrom } from './bodies/response-choice.ts'
import type { BodyLimits } from './body-limits.ts'
import type { CallbackSet, CheckCallbacks } from './check-callbacks.ts'
import type { CheckResponses, CheckStatus } from './check-responses.ts'
import type { OperationExchange } from './context.ts'
import type { CheckNames } from './dependency-definition.ts'
import type { DependencySet } from './dependency-set.ts'
import type { Responses } from './responses.ts'
import type { WebhookSet } from './webhook-definition.ts'

/** No `params` declared: the template's own names are text. */
export type TemplateSchema<P extends string> = Absent<TemplateParams<P>, TemplateParams<P>>

/** The complaint about parameters that the path does not have, in words. */
export type CheckParams<P extends string, PS extends Schema> = [Exclude<keyof Input<PS>, TemplateNames<P>>] extends [
  never,
]
  ? unknown
  : `no "{${Exclude<keyof Input<PS>, TemplateNames<P>> & string}}" in the path "${P}"`

/** Names that the router already gives to another object. */
export type NoTwins<A, B, What extends string> = [keyof B] extends [never]
  ? unknown
  : {
      readonly [K in keyof A & keyof B]: A[K] extends B[K]
        ? unknown
        : `the ${What} "${K & string}" is already declared by the router; give this one another name`
    }

/** A named example of a body. */
export interface Example<Value> {
  /** One line. */
  readonly summary?: string
  /** In Markdown. */
  readonly description?: string
  readonly value: Value
}

/**
 * What a path operation is: the parts of its request, its responses, its callbacks and dependencies, and how the
 * document names it. Every part is one schema; an undeclared part does not exist.
 *
 * `P` is the path, then one parameter for each schema: params (PS), query (QS), headers (HS), cookies (CS), body (BS),
 * response (RS); then status (ST), further responses (RR), response headers (RH), callbacks (CB), dependencies (D), and
 * what the router adds: its dependencies (RD) and callbacks (RC). RV is the list of responses from which a client
 * chooses.
 */
export interface Definition<
  P extends string,
  PS extends Schema,
  QS extends Schema,
  HS extends Schema,
  CS extends Schema,
  BS extends Schema,
  RS extends Schema,
  ST extends number,
  RR extends Responses,
  RH extends Schema,
  CB extends CallbackSet,
  D extends DependencySet,
  RD,
  RC,
  RV extends readonly Schema[] = [],
  W extends WebhookSet = {},
> extends BodyLimits {
  /** One object schema of the path's names. Default: each is text. */
  readonly params?: PS & CheckParams<P, PS>
  /** One object schema of the query parameters. */
  readonly query?: QS
  /** One object schema of the headers; names in lower case. */
  readonly headers?: HS
  /** One object schema of the cookies. */
  readonly cookies?: CS
  /** The body: a schema for JSON, else what `form`, `json`, `text`, `bytes`, `stream` or `oneOf` gives. */
  readonly body?: BS
  /**
   * The content of the response: the schema of a JSON body, or what `text`, `html`, `bytes`, `fileResponse`, `stream`,
   * `eventStream` or `jsonLines` gives. Of a list of them the client chooses one by `accept`, and the handler returns an
   * object with a value, or a function, for each media type. Default: none, status 204.
   */
  readonly response?: RS | readonly [...RV]
  /** Default: 200, or 204 without a `response`. */
  readonly status?: ST & CheckStatus<NoInfer<ST>, NoInfer<RS>>
  /**
   * One object schema of the headers of the main response. Where one is required, the handler returns what `respond`
   * gives.
   */
  readonly responseHeaders?: RH
  /** What the main response means, for the document. */
  readonly responseDescription?: string
  /** Further responses by status. */
  readonly responses?: RR & CheckResponses<NoInfer<RR>, NoInfer<ST>>
  /** Callbacks by name. */
  readonly callbacks?: CB &
    CheckCallbacks<CB, OperationExchange<PS, QS, HS, BS, ChosenFrom<RS, RV>, RH, D & RD>> &
    NoTwins<CB, RC, 'callback'>
  /** Webhooks by the names of their events: those that the handler sends. They stand in the document, too. */
  readonly webhooks?: W
  /** Dependencies by the names under which the handler gets their values. */
  readonly dependencies?: D & CheckNames<D> & NoTwins<D, RD, 'dependency'>
  readonly tags?: readonly string[]
  /** Default: from the operationId ("Create invoice"). */
  readonly summary?: string
  readonly description?: string
  /** Default: the name of the handler function, else method and path in camelCase. */
  readonly operationId?: string
  readonly deprecated?: boolean
  /** False leaves the operation out of the document. Default: true. */
  readonly documented?: boolean
  /** Named example values of the body, for the document. */
  readonly examples?: Readonly<Record<string, Example<Input<NoInfer<BS>>>>>
  /** Members merged over the operation object of the document. */
  readonly openapi?: Readonly<Record<string, unknown>>
}

/** A definition as it is read at run time. */
export type AnyDefinition = Definition<
  string,
  Schema,
  Schema,
  Schema,
  Schema,
  Schema,
  Schema,
  number,
  Responses,
  Schema,
  CallbackSet,
  DependencySet,
  {},
  {},
  readonly Schema[],
  WebhookSet
>
