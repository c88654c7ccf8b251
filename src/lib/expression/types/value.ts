import type { Wrong } from './verdict.ts'

/** The verdict on a value that goes into a URL; `Where` names its place. The first branch is the common case. */
export type Leaf<V, Where extends string> = [V] extends [string | number | boolean]
  ? unknown extends V
    ? 'maybe'
    : 'always'
  : unknown extends V
    ? 'maybe'
    : ([undefined] extends [V] ? 'maybe' : [null] extends [V] ? 'maybe' : 'always') | Scalar<NonNullable<V>, Where>

type Scalar<V, Where extends string> = [V] extends [string | number | boolean | bigint]
  ? never
  : unknown extends V
    ? 'maybe'
    : Wrong<`${Where} is an array or an object; a URL needs text, a number or a boolean`>

/** All names that some member of a union of objects declares; `string` for a record. */
export type NamesOf<T> = T extends object ? (T extends readonly unknown[] ? never : keyof T & string) : never

/** The names that are declared one by one: without those that only an index signature allows. */
export type KnownNames<T> = T extends object
  ? keyof { [Name in keyof T as string extends Name ? never : Name]: true } & string
  : never

/**
 * The value of a property, in each member of a union, as a JSON Pointer finds it: `undefined` where a member does not
 * have it, where only an index signature allows it, and for an element of an array that is not a tuple.
 */
export type ValueAt<T, Name extends string> = T extends object
  ? T extends readonly (infer Element)[]
    ? Name extends `${bigint}`
      ? T extends readonly [unknown, ...unknown[]]
        ? TupleElement<T, Name>
        : Element | undefined
      : undefined
    : Name extends keyof T
      ? string extends keyof T
        ? Name extends KnownNames<T>
          ? T[Name]
          : T[Name] | undefined
        : T[Name]
      : undefined
  : undefined

// Only for tuples: asking an array for its keys instantiates all its methods
type TupleElement<T, Index extends string> = Index extends keyof T ? T[Index] : undefined
