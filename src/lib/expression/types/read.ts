import type { Body } from './body.ts'
import type { HeaderKey } from './header-key.ts'
import type { Listed } from './listed.ts'
import type { ReadShorthand } from './read-shorthand.ts'
import type { TypeExchange } from './type-exchange.ts'
import type { Leaf, NamesOf, ValueAt } from './value.ts'
import type { Wrong } from './verdict.ts'

/** The verdict on one expression, given without its `$`. */
export type Read<Text extends string, Exchange extends TypeExchange> = Text extends `${string} `
  ? Wrong<`"$${Text}" ends in a space`>
  : Text extends `request.${infer Source}`
    ? ReadRequest<Source, Exchange, Text>
    : Text extends `response.${infer Source}`
      ? Late<ReadResponse<Source, Exchange, Text>, Text>
      : Text extends 'url' | 'method'
        ? 'always'
        : Text extends 'statusCode'
          ? 'late'
          : Text extends NoParameterName
            ? NotBegun<Text>
            : ReadShorthand<Text, Exchange>

type ReadRequest<
  Source extends string,
  Exchange extends TypeExchange,
  Text extends string,
> = Source extends `query.${infer Name}`
  ? ReadName<Exchange['query'], Name, 'query'>
  : Source extends `body${infer Place}`
    ? Body<Exchange['body'], Place, 'body', Text>
    : Source extends `path.${infer Name}`
      ? ReadName<Exchange['params'], Name, 'path'>
      : Source extends `header.${infer Name}`
        ? ReadHeader<Exchange['headers'], Name, 'request', 'header'>
        : Wrong<`"$${Text}" is not a runtime expression: "$request." must be followed by "query.", "path.", "header." or "body"`>

type ReadResponse<
  Source extends string,
  Exchange extends TypeExchange,
  Text extends string,
> = Source extends `body${infer Place}`
  ? Body<Exchange['responseBody'], Place, 'response body', Text>
  : Source extends `header.${infer Name}`
    ? ReadHeader<Exchange['responseHeaders'], Name, 'response', 'response header'>
    : Wrong<`"$${Text}" is not a runtime expression: "$response." must be followed by "header." or "body"`>

/** What is read after the handler has returned must be there: nobody is left to be told that it is not. */
type Late<V, Text extends string> = V extends 'always'
  ? 'late'
  : V extends 'maybe'
    ? Wrong<`"$${Text}" must be required in the response: it is read after the handler has returned`>
    : V

type ReadName<Declared, Name extends string, In extends 'query' | 'path'> = Name extends keyof Declared
  ? string extends keyof Declared
    ? ReadAnyName<Name, In, Leaf<ValueAt<Declared, Name>, `${In} parameter "${Name}"`>>
    : Leaf<Declared[Name], `${In} parameter "${Name}"`>
  : Name extends NamesOf<Declared>
    ? Leaf<ValueAt<Declared, Name>, `${In} parameter "${Name}"`>
    : ReadAnyName<Name, In, unknown extends Declared ? 'maybe' : UnknownName<`${In} parameter`, Name, Declared>>

/** Checks the name itself where the declared ones do not. */
type ReadAnyName<Name extends string, In extends string, V> = Name extends ''
  ? Wrong<`"$request.${In}." lacks a name after "${In}."`>
  : Name extends `${string}"${string}`
    ? Wrong<`"$request.${In}.${Name}" has a character that a name must escape, as in JSON: ", \\ or a control character`>
    : Name extends `${string}\\${string}`
      ? 'maybe'
      : V

type UnknownName<
  Where extends string,
  Name extends string,
  Declared,
> = Wrong<`no ${Where} "${Name}"; declared: ${Listed<NamesOf<Declared>>}`>

type ReadHeader<Declared, Name extends string, Message extends string, Where extends string> =
  Lowercase<Name> extends keyof Declared
    ? string extends keyof Declared
      ? ReadAnyHeader<Declared, HeaderKey<Declared, Name>, Name, Message, Where>
      : Leaf<Declared[Lowercase<Name>], `${Where} "${Name}"`>
    : ReadAnyHeader<Declared, HeaderKey<Declared, Name>, Name, Message, Where>

/** `Key` is the declared spelling of the header, `never` where it is not declared by itself. */
type ReadAnyHeader<
  Declared,
  Key extends string,
  Name extends string,
  Message extends string,
  Where extends string,
> = Name extends ''
  ? Wrong<`"$${Message}.header." lacks a name after "header."`>
  : Name extends NoToken
    ? Wrong<`"${Name}" is not a header name`>
    : [Key] extends [never]
      ? unknown extends Declared
        ? 'maybe'
        : string extends keyof Declared
          ? 'maybe'
          : UnknownName<Where, Name, Declared>
      : Leaf<ValueAt<Declared, Key>, `${Where} "${Name}"`>

type NotBegun<Text extends string> =
  Wrong<`"$${Text}" is not a runtime expression: it must begin with "$url", "$method", "$statusCode", "$request.", "$response.", or be "$" and the name of one parameter`>

// Constant unions: matching against them instantiates nothing.
type NoParameterName = '' | 'request' | 'response' | `${string}${'.' | '#' | '/' | ' '}${string}`
type NoToken =
  `${string}${' ' | '"' | '(' | ')' | ',' | '/' | ':' | ';' | '<' | '=' | '>' | '?' | '@' | '[' | '\\' | ']'}${string}`
