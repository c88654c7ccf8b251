import { checkNames } from '../definition/check-names.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { quoted } from '../definition/quoted.ts'
import { similarName } from '../definition/similar-name.ts'
import type { Log } from '../log/log.ts'
import type { Input, NoPart, Output, Schema } from '../schema/schema.ts'
import type { AnyApp } from './any-app.ts'
import { checkDependencyLimits, type DependencyLimits } from './compiled/dependency-limits.ts'
import type { Dependency, DependencyScope, DependencySet, Needs } from './dependency-set.ts'
import type { RequestParts } from './request-parts.ts'
import type { ResponseParts } from './response-parts.ts'
import type { MaybePromise, NoCookies, NoHeaders, NoQuery } from './responses.ts'

/** The values of a set, by name. */
export type Values<D> = [keyof D] extends [never]
  ? unknown
  : { readonly [K in keyof D]: D[K] extends Dependency<infer V, Needs> ? V : never }

/** What all dependencies of a set together read from one part of the request. */
export type NeedsOf<D, Part extends keyof Needs> = [keyof D] extends [never]
  ? unknown
  : { [K in keyof D]: D[K] extends Dependency<unknown, infer N> ? (part: N[Part]) => void : never }[keyof D] extends (
        part: infer All,
      ) => void
    ? All
    : unknown

/** The names that the handler's argument already has. */
export const RESERVED_NAMES = [
  'params',
  'query',
  'headers',
  'cookies',
  'body',
  'sent',
  'callbacks',
  'webhooks',
  'background',
  'request',
  'signal',
  'respond',
  'clientAddress',
  'requestId',
  'var',
  'responseHeaders',
  'setCookie',
  'app',
  'log',
] as const

/** A name that no dependency may take. */
export type ReservedName = (typeof RESERVED_NAMES)[number]

/** The complaint about a dependency under a reserved name, in words. */
export type CheckNames<D> = {
  readonly [K in keyof D]: K extends ReservedName
    ? `the handler already has "${K}"; give this dependency another name`
    : unknown
}

/** The argument of a dependency's function, beside the values of its own dependencies. */
export interface DependencyContext<PS extends Schema, QS extends Schema, HS extends Schema, CS extends Schema>
  extends RequestParts,
    ResponseParts {
  readonly params: Output<PS>
  readonly query: Output<QS>
  readonly headers: Output<HS>
  readonly cookies: Output<CS>
  readonly request: Request
  readonly signal: AbortSignal
  readonly app: AnyApp
  readonly log: Log
  /** Runs `fn` after the response; errors are logged, shutdown waits for it. */
  background(fn: () => MaybePromise<void>): void
}

/** What a dependency with these parts reads, its own dependencies included. */
export interface DependencyNeeds<PS extends Schema, QS extends Schema, HS extends Schema, D> extends Needs {
  readonly params: Declared<PS> & NeedsOf<D, 'params'>
  readonly query: Declared<QS> & NeedsOf<D, 'query'>
  readonly headers: Declared<HS> & NeedsOf<D, 'headers'>
}

type Declared<S extends Schema> = S extends NoPart<string> ? unknown : Input<S>

type ValueOf<R> = R extends AsyncGenerator<infer V, unknown, unknown> | Generator<infer V, unknown, unknown>
  ? V
  : Awaited<R>

/** What a dependency declares. */
export interface DependencyDefinition<
  PS extends Schema,
  QS extends Schema,
  HS extends Schema,
  CS extends Schema,
  D extends DependencySet,
> extends DependencyLimits {
  /** One object schema of the path parameters it reads. */
  readonly params?: PS
  /** One object schema of the query parameters it reads. */
  readonly query?: QS
  /** One object schema of the headers it reads. */
  readonly headers?: HS
  /** One object schema of the cookies it reads. */
  readonly cookies?: CS
  /** Dependencies of its own. */
  readonly dependencies?: D & CheckNames<D>
  /**
   * How long its value lives: until the response is sent (`response`, default), until the handler has returned
   * (`handler`), or as long as the app (`app`).
   */
  readonly scope?: DependencyScope
}

/** A definition as it is read at run time. */
type AnyDependencyDefinition = DependencyDefinition<Schema, Schema, Schema, Schema, DependencySet>

/**
 * Declares a value that handlers and other dependencies ask for by name: a database, the caller's account, a page of a
 * list. It is made once per request, however many ask for it, unless it says `cache: false`; dependencies that do not need one another are made at the
 * same time. A generator, async or not, yields the value and cleans up after the `yield`, even when the handler throws.
 *
 * Its parameters appear in the document of every operation that uses it, and callback expressions may read them.
 *
 * @example
 * ```ts
 * import { dependency, Ringback } from 'ringback'
 * import { z } from 'zod'
 *
 * const page = dependency({ query: z.object({ limit: z.number().int().max(100).default(20) }) }, ({ query }) => query)
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * app.get('/invoices/', { dependencies: { page }, response: z.object({ limit: z.number() }) }, async ({ page }) => page)
 *
 * const response = await app.fetch(new Request('http://localhost/invoices/?limit=5'))
 * console.log(await response.json()) // { limit: 5 }
 * ```
 */
export function dependency<
  R,
  PS extends Schema = NoPart<'params'>,
  QS extends Schema = NoQuery,
  HS extends Schema = NoHeaders,
  CS extends Schema = NoCookies,
  D extends DependencySet = {},
>(
  definition: DependencyDefinition<PS, QS, HS, CS, D>,
  fn: (context: DependencyContext<PS, QS, HS, CS> & Values<D>) => R,
): Dependency<ValueOf<R>, DependencyNeeds<PS, QS, HS, D>> {
  checkNames(definition, DEPENDENCY_KEYS, 'the definition of a dependency')
  checkScopeName(definition.scope)
  checkDependencyLimits(definition, definition.scope)
  if (typeof fn !== 'function')
    throw new DefinitionError('A dependency has no function: give one that returns its value as the second argument')
  return Object.freeze({
    kind: 'dependency',
    scope: definition.scope ?? 'response',
    options: Object.freeze({ ...definition }),
    fn,
  })
}

const SCOPES: readonly DependencyScope[] = ['response', 'handler', 'app']

function checkScopeName(scope: DependencyScope | undefined): void {
  if (scope === undefined || SCOPES.includes(scope)) return
  const similar = typeof scope === 'string' ? similarName(scope, SCOPES) : undefined
  const meant = similar === undefined ? '' : `. Did you mean "${similar}"?`
  throw new DefinitionError(`"scope" of a dependency is ${quoted(scope)}: give "response", "handler" or "app"${meant}`)
}

/** Every key of a dependency's definition. */
const DEPENDENCY_KEYS: Readonly<Record<keyof AnyDependencyDefinition, true>> = {
  params: true,
  query: true,
  headers: true,
  cookies: true,
  dependencies: true,
  scope: true,
  cache: true,
  maxConcurrency: true,
  maxWaiting: true,
  maxWaitMs: true,
}
