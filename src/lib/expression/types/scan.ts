import type { Read } from './read.ts'
import type { TypeExchange } from './type-exchange.ts'
import type { Wrong } from './verdict.ts'

/**
 * Reads a URL template against what its exchange declares: a union of verdicts, one for each expression in it. The twin
 * of `parseUrlTemplate`; a text that is not known at compile time is `maybe`. `Callback` declares the plain names
 * that may stand in the path; it is looked at only where one does.
 */
export type Scan<Url extends string, Exchange extends TypeExchange, Callback = {}> = Url extends `{${infer Rest}`
  ? Url extends ColonAfterExpression
    ? ScanColon<Rest, Exchange, Callback>
    : ScanOpen<Rest, Exchange, never, Callback>
  : Url extends `$${infer Text}`
    ? Url extends Braces
      ? Wrong<'an expression that is not the whole text must be in braces'>
      : Read<Text, Exchange>
    : Url extends `${infer Literal}{${infer Rest}`
      ? ScanBase<Literal, Lowercase<Literal>, Rest, Exchange, Callback>
      : ScanLiteral<Url, Lowercase<Url>>

/** Refuses `{$scheme}://x.example` and `{$host}:8080`, where the colon comes right after the first expression. */
type ScanColon<
  Rest extends string,
  Exchange extends TypeExchange,
  Callback,
> = Rest extends `$${string}}${infer Following}`
  ? Following extends `:${string}`
    ? InHost
    : ScanOpen<Rest, Exchange, never, Callback>
  : ScanOpen<Rest, Exchange, never, Callback>

/** What follows an opening brace, tail-recursive; `Found` are the verdicts so far. */
type ScanOpen<
  Source extends string,
  Exchange extends TypeExchange,
  Found,
  Callback,
> = Source extends `$${infer Text}}${infer Rest}`
  ? Text extends `${infer Unclosed}{${string}`
    ? NeverClosed<`$${Unclosed}`>
    : Rest extends `${infer Literal}{${infer More}`
      ? Literal extends BadLiteral
        ? LiteralComplaint<Literal>
        : ScanOpen<More, Exchange, Found | Read<Text, Exchange>, Callback>
      : Rest extends BadLiteral
        ? LiteralComplaint<Rest>
        : Found | Read<Text, Exchange>
  : ScanName<Source, Exchange, Found, Callback>

/** A plain name among those that may stand in the path. */
type ScanName<
  Source extends string,
  Exchange extends TypeExchange,
  Found,
  Callback,
> = Source extends `${infer Text}}${infer Rest}`
  ? Text extends NamesIn<Callback>
    ? Rest extends `${infer Literal}{${infer More}`
      ? Literal extends BadLiteral
        ? LiteralComplaint<Literal>
        : ScanOpen<More, Exchange, Found | 'always', Callback>
      : Rest extends BadLiteral
        ? LiteralComplaint<Rest>
        : Found | 'always'
    : ScanWrong<Source>
  : ScanWrong<Source>

type ScanWrong<Source extends string> = Source extends `${infer Text}}${string}`
  ? Text extends `${infer Unclosed}{${string}`
    ? NeverClosed<Unclosed>
    : NotExpression<Text>
  : Source extends `${infer Unclosed}{${string}`
    ? NeverClosed<Unclosed>
    : NeverClosed<Source>

type NotExpression<Text extends string> = Text extends NoName
  ? Wrong<`"{${Text}}" is not a runtime expression: it must begin with "$"`>
  : Wrong<`"{${Text}}" is not a runtime expression: it must begin with "$", or be declared in "params" if only the sender knows its value`>

/** The names that a callback's `params` declare. */
type NamesIn<Callback> = Callback extends { readonly '~params'?: infer P } ? keyof NonNullable<P> & string : never

type NeverClosed<Text extends string> = Wrong<`"{" is never closed in "{${Text}"`>

/** Text before the first expression: a literal base. */
type ScanBase<
  Literal extends string,
  Lower extends string,
  Rest extends string,
  Exchange extends TypeExchange,
  Callback,
> = Literal extends BadLiteral
  ? LiteralComplaint<Literal>
  : Lower extends NoHost
    ? InHost
    : Lower extends WithHost
      ? ScanOpen<Rest, Exchange, never, Callback>
      : Lower extends HttpUrl
        ? InHost
        : Wrong<`"${Literal}" is not an absolute http or https URL: a URL template must begin with one or with an expression`>

/** A text without any expression. */
type ScanLiteral<Text extends string, Lower extends string> = string extends Text
  ? 'maybe'
  : Text extends BadLiteral
    ? LiteralComplaint<Text>
    : Lower extends NoHost
      ? NotAbsolute<Text>
      : Lower extends HttpUrl
        ? 'always'
        : NotAbsolute<Text>

type InHost = Wrong<'an expression may not be part of the scheme, host or port of a URL'>
type NotAbsolute<Text extends string> =
  Wrong<`"${Text}" is not an absolute http or https URL and contains no runtime expression`>

type Scheme = 'http://' | 'https://'
type HttpUrl = `${Scheme}${string}`
type WithHost = `${Scheme}${string}${'/' | '?'}${string}`
type NoHost = Scheme | `${Scheme}${'/' | '?'}${string}`
type ColonAfterExpression = `{${string}}:${string}`
type Braces = `${string}${'{' | '}'}${string}`
// Constant unions: matching against them instantiates nothing. Only the parser looks at `.` and `..` and at what follows
// `%`: they count in a path and not behind a `?`, which may stand in an earlier part of the template.
type NoName = '' | `${string}${'.' | '#' | '/' | ' '}${string}`
type BadCharacter = `${string}${' ' | '\\'}${string}`
type BadLiteral = `${string}}${string}` | `${string}#${string}` | BadCharacter

type LiteralComplaint<Text extends string> = Text extends `${string}}${string}`
  ? Wrong<'"}" has no "{" before it'>
  : Text extends BadCharacter
    ? Wrong<'a URL cannot contain spaces, control characters or backslashes'>
    : Wrong<'a request URL has no fragment: write "#" as "%23"'>
