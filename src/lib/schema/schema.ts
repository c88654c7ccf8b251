/**
 * What every schema library gives: the two standard interfaces, Standard Schema and Standard JSON Schema, seen from
 * outside. Zod 4 and ArkType are such schemas as they are; Valibot becomes one through `@valibot/to-json-schema`.
 *
 * `validate` is not asked for here although it must be there: some wrappers leave it out of their type.
 */
export interface Schema {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly jsonSchema: object
    readonly types?: { readonly input: unknown; readonly output: unknown } | undefined
  }
}

/** What a schema accepts: for a body, what the client sends. */
export type Input<S extends Schema> = NonNullable<S['~standard']['types']>['input']

/** What a schema gives back after validation. */
export type Output<S extends Schema> = NonNullable<S['~standard']['types']>['output']

/**
 * A part that was not declared, as a schema: expressions read I from it and the handler sees O.
 * It exists only as a type; defaults of this form keep conditional types out of the handler's context.
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
