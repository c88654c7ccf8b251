import type { Listed } from './listed.ts'
import type { Leaf, NamesOf, ValueAt } from './value.ts'
import type { Wrong } from './verdict.ts'

/** The verdict on what follows `body` in an expression: nothing, `#/pointer` or the dotted shorthand. */
export type Body<B, Place extends string, Where extends string, Text extends string> = Place extends `#/${infer Path}`
  ? Path extends SeveralTokens
    ? HasBadTilde<Path> extends true
      ? Wrong<`"$${Text}" has a "~" that must be written "~0"`>
      : Walk<B, Path, '/', Where, Path>
    : One<B, Path, Where>
  : Place extends `.${infer Path}`
    ? Path extends SeveralNames
      ? Dotted<B, Path, Where, Text>
      : One<B, Path, Where>
    : Place extends '' | '#'
      ? Leaf<B, `the ${Where}`>
      : Wrong<`"$${Text}" is not a runtime expression: "body" may be followed only by "#/pointer" or ".property"`>

// Constant unions: matching against them instantiates nothing.
type SeveralTokens = `${string}${'/' | '~'}${string}`
type SeveralNames = '' | `${string}${'.' | '/' | '#'}${string}`
type LacksName = '' | `.${string}` | `${string}.` | `${string}..${string}`

/** One step, without recursion where a plain object declares the name (arrays, text and records have a `length`). */
type One<B, Name extends string, Where extends string> = Name extends keyof B
  ? 'length' extends keyof B
    ? Walk<B, Name, '/', Where, Name>
    : Leaf<B[Name], `"${Name}"`>
  : Walk<B, Name, '/', Where, Name>

type Dotted<B, Path extends string, Where extends string, Text extends string> = Path extends `${string}/${string}`
  ? Wrong<`"$${Text}" mixes dots with "/" or "#": a pointer is written "#/a/b"`>
  : Path extends `${string}#${string}`
    ? Wrong<`"$${Text}" mixes dots with "/" or "#": a pointer is written "#/a/b"`>
    : Path extends LacksName
      ? Wrong<`"$${Text}" lacks a name after "."`>
      : Walk<B, Path, '.', Where, Path>

/** Follows a pointer (`/`) or a dotted path (`.`); that a step may be absent travels along as `undefined`. */
type Walk<
  B,
  Path extends string,
  Separator extends '/' | '.',
  Where extends string,
  Whole extends string,
> = unknown extends B
  ? 'maybe'
  : Path extends `${infer Head}${Separator}${infer Tail}`
    ? Step<B, Unescape<Head, Separator>, Where, Whole> extends infer V
      ? [V] extends [Wrong<string>]
        ? V
        : Walk<V, Tail, Separator, Where, Whole>
      : never
    : Step<B, Unescape<Path, Separator>, Where, Whole> extends infer V
      ? [V] extends [Wrong<string>]
        ? V
        : Leaf<V, `"${Whole}"`>
      : never

type Step<B, Name extends string, Where extends string, Whole extends string> = Name extends
  | NamesOf<B>
  | IndexOf<B, Name>
  ? ValueAt<B, Name>
  : Wrong<
      [NonNullable<B>] extends [readonly unknown[]]
        ? `"${Name}" in "${Whole}" is not an array index`
        : [NonNullable<B>] extends [object]
          ? `the ${Where} has no property "${Name}" at "${Whole}"; declared: ${Listed<NamesOf<B>>}`
          : `"${Whole}" goes through a value that is not an object, at "${Name}"`
    >

/** An array index as RFC 6901, section 4, writes it: no sign, no leading zero. */
type IndexOf<B, Name extends string> = B extends readonly unknown[]
  ? Name extends `-${string}`
    ? never
    : Name & `${bigint}`
  : never

/** RFC 6901, section 4: first `~1`, then `~0`. */
type Unescape<Token extends string, Separator> = Separator extends '.'
  ? Token
  : Token extends `${infer Before}~${infer Digit}${infer After}`
    ? `${Before}${Digit extends '1' ? '/' : '~'}${Unescape<After, Separator>}`
    : Token

type HasBadTilde<Path extends string> = Path extends `${string}~${infer Rest}`
  ? Rest extends `${'0' | '1'}${infer More}`
    ? HasBadTilde<More>
    : true
  : false
