/**
 * The schema of any library, as its two standard interfaces show it: Standard Schema and Standard JSON Schema. Those of
 * Zod 4 and ArkType have both; those of Valibot get the second from `@valibot/to-json-schema`.
 *
 * `validate` is required, but not named here: some wrappers leave it out of their type.
 */
export interface Schema {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly jsonSchema: object
    readonly types?: { readonly input: unknown; readonly output: unknown } | undefined
  }
}

/** A schema that only says how another one travels: it validates and describes as that does. */
export interface WrappedSchema<S extends Schema> {
  readonly '~standard': S['~standard']
  readonly '~wraps': S
}

/** What a schema accepts: for a body, what the client sends. */
export type Input<S extends Schema> = NonNullable<S['~standard']['types']>['input']

/** What a schema gives back after validation. */
export type Output<S extends Schema> = NonNullable<S['~standard']['types']>['output']

/**
 * What may be sent with a schema: what it accepts, or, where a codec of Zod makes that another type, what it gives back,
 * which is encoded then.
 */
export type Sendable<S extends Schema> = Input<S> | Encodable<S>

/** Nothing where that is already what the schema accepts. Read where Zod has both, which costs every route the least. */
type Encodable<S> = S extends { readonly _zod: ZodSides }
  ? S['_zod']['output'] extends S['_zod']['input']
    ? never
    : S['_zod']['output']
  : S extends WrappedSchema<infer W>
    ? Encodable<W>
    : never

interface ZodSides {
  readonly input: unknown
  readonly output: unknown
}

/**
 * The schema of an undeclared part: expressions read I from it and the handler sees O. It exists only as a type;
 * defaults of this form keep conditional types out of the handler's context.
 */
export interface Absent<I, O> extends Schema {
  readonly '~absent': true
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly jsonSchema: object
    readonly types?: { readonly input: I; readonly output: O } | undefined
  }
}

/** What the handler sees in place of a part that its operation does not declare. */
export interface Undeclared<Part extends string> {
  readonly '~undeclared': Part
}

/** The default of a part of the request: nothing declared. */
export type NoPart<Part extends string> = Absent<{}, Undeclared<Part>>
