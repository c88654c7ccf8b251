import type { Schema, Sendable } from '../../schema/schema.ts'
import type { MaybePromise } from '../responses.ts'

/** A schema that is not of this package is plain JSON. */
type MediaTypeOf<S> = S extends { readonly '~content': unknown; readonly '~mediaType'?: infer M extends string }
  ? M
  : 'application/json'

/** For each media type what is sent, or a function that gives it: only that of the chosen one is called. */
export type ByMediaType<V extends readonly Schema[]> = {
  readonly [S in V[number] as MediaTypeOf<S>]: Sendable<S> | (() => MaybePromise<Sendable<S>>)
}

/** Several contents of a response, from which a client chooses by `accept`. Only a type. */
interface Choice<V extends readonly Schema[]> extends Schema {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly jsonSchema: object
    /** Expressions read nothing of a response whose content is the client's choice. */
    readonly types?: { readonly input: ByMediaType<V>; readonly output: {} } | undefined
  }
}

/**
 * The schema of a response: the one that was given, or the choice of several. Decided by the list alone, so that a
 * generic schema stays what it is.
 */
export type ChosenFrom<RS extends Schema, RV extends readonly Schema[]> = RV extends readonly [] ? RS : Choice<RV>

/** The content of a response: one schema, or several, in the order of the server's preference. */
export type ResponseSchema = Schema | readonly Schema[]

export const contentsOf = (response: ResponseSchema): readonly Schema[] =>
  Array.isArray(response) ? (response as readonly Schema[]) : [response as Schema]
