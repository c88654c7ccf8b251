import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ExpressionSyntaxError } from '../expression-syntax-error.ts'
import { parseUrlTemplate } from '../parse.ts'
import type { Scan } from './scan.ts'
import type { Complaint } from './verdict.ts'

/** URL templates with the reason why they are refused: the compiler and the parser must give the same one. */
const verdicts = [
  ['', '"" is not an absolute http or https URL and contains no runtime expression'],
  ['{$url}', null],
  ['{$method}', null],
  ['{$url}/{$method}', null],
  ['{$url}/{$statusCode}', null],
  ['$url', null],
  ['$request.query.callback_url', null],
  ['$request.body#/url', null],
  ['$request.body', null],
  ['$request.body#', null],
  ['{$request.body}', null],
  ['{$request.body#}', null],
  ['{$request.body#/}', null],
  ['{$request.body#/a//b}', null],
  ['{$request.body#/a/}', null],
  ['{$request.body#/a~0b~1c/0}', null],
  ['{$request.body#/~01}', null],
  ['{$request.body.a.b.0}', null],
  ['{$request.body.a-b.c d}', null],
  ['{$request.body.$ref}', null],
  ['{$request.query.callback_url}', null],
  ['{$request.query.filter[a].b-c}', null],
  ['{$request.query.a b}', null],
  ['{$request.query.a/b?c#d}', null],
  ['{$request.query.$x}', null],
  ['{$request.query.a\\u0022}', null],
  ['{$request.query.ü}', null],
  ['{$request.path.id}', null],
  ['{$request.path.a.b}', null],
  ['{$request.header.X-Callback-Url}', null],
  ["{$request.header.!#$%&'*+-.^_|~}", null],
  ['{$response.body#/id}/x', null],
  ['{$response.body#/a/b}', null],
  ['{$response.body.a.b}', null],
  ['{$response.header.Location}', null],
  ['{$callback_url}', null],
  ['{$filter[a]}', null],
  ['{$x-callback}', null],
  ['{$a$b}', null],
  ['{$URL}', null],
  ['{$callback_url}/invoices/{$request.body#/id}', null],
  ['{$a}{$b}{$c}', null],
  ['{$a}/{$b}-{$c}.json', null],
  ['{$a}//b', null],
  ['{$a}?b={$c}&d=e', null],
  ['{$a}/..{$b}', null],
  ['{$a}/...', null],
  ['{$a}/%2F', null],
  ['https://x.example', null],
  ['https://x.example/', null],
  ['HTTPS://X.example/a?b=c', null],
  ['http://x.example:8080/a', null],
  ['https://x.example/{$a}', null],
  ['https://x.example?b={$a}', null],
  ['http://x.example:80/a/{$a}/b?c={$d}', null],
  ['Http://x.example/{$a}', null],
  ['{request.body#/x}', '"{request.body#/x}" is not a runtime expression: it must begin with "$"'],
  ['{ $request.body#/x}', '"{ $request.body#/x}" is not a runtime expression: it must begin with "$"'],
  [
    '{name}',
    '"{name}" is not a runtime expression: it must begin with "$", or be declared in "params" if only the sender knows its value',
  ],
  ['{}', '"{}" is not a runtime expression: it must begin with "$"'],
  ['{ }', '"{ }" is not a runtime expression: it must begin with "$"'],
  [
    '{url}/x',
    '"{url}" is not a runtime expression: it must begin with "$", or be declared in "params" if only the sender knows its value',
  ],
  [
    '{$a}/{b}',
    '"{b}" is not a runtime expression: it must begin with "$", or be declared in "params" if only the sender knows its value',
  ],
  ['{$a}/{}', '"{}" is not a runtime expression: it must begin with "$"'],
  ['{$', '"{" is never closed in "{$"'],
  ['{', '"{" is never closed in "{"'],
  ['{$a', '"{" is never closed in "{$a"'],
  ['{$request.body#/x', '"{" is never closed in "{$request.body#/x"'],
  ['{$a}/{$b', '"{" is never closed in "{$b"'],
  ['{$a/{$b}', '"{" is never closed in "{$a/"'],
  ['{a/{$b}', '"{" is never closed in "{a/"'],
  ['{{$a}}', '"{" is never closed in "{"'],
  ['{$a}}', '"}" has no "{" before it'],
  ['}', '"}" has no "{" before it'],
  ['{$a}/b}', '"}" has no "{" before it'],
  ['{$a}}/{$b}', '"}" has no "{" before it'],
  ['$request.body#/x}', 'An expression that is not the whole text must be in braces'],
  ['$request.query.url/{$id}', 'An expression that is not the whole text must be in braces'],
  ['$a{$b}', 'An expression that is not the whole text must be in braces'],
  [
    '{$}',
    '"$" is not a runtime expression: it must begin with "$url", "$method", "$statusCode", "$request.", "$response.", or be "$" and the name of one parameter',
  ],
  [
    '$',
    '"$" is not a runtime expression: it must begin with "$url", "$method", "$statusCode", "$request.", "$response.", or be "$" and the name of one parameter',
  ],
  [
    '{$request}',
    '"$request" is not a runtime expression: it must begin with "$url", "$method", "$statusCode", "$request.", "$response.", or be "$" and the name of one parameter',
  ],
  [
    '{$response}',
    '"$response" is not a runtime expression: it must begin with "$url", "$method", "$statusCode", "$request.", "$response.", or be "$" and the name of one parameter',
  ],
  [
    '{$request.}',
    '"$request." is not a runtime expression: "$request." must be followed by "query.", "path.", "header." or "body"',
  ],
  ['{$response.}', '"$response." is not a runtime expression: "$response." must be followed by "header." or "body"'],
  [
    '{$request.cookie.a}',
    '"$request.cookie.a" is not a runtime expression: "$request." must be followed by "query.", "path.", "header." or "body"',
  ],
  [
    '{$request.Query.a}',
    '"$request.Query.a" is not a runtime expression: "$request." must be followed by "query.", "path.", "header." or "body"',
  ],
  [
    '{$request.headers.a}',
    '"$request.headers.a" is not a runtime expression: "$request." must be followed by "query.", "path.", "header." or "body"',
  ],
  [
    '{$request.url}',
    '"$request.url" is not a runtime expression: "$request." must be followed by "query.", "path.", "header." or "body"',
  ],
  [
    '{$requests.query.a}',
    '"$requests.query.a" is not a runtime expression: it must begin with "$url", "$method", "$statusCode", "$request.", "$response.", or be "$" and the name of one parameter',
  ],
  [
    '{$response.query.a}',
    '"$response.query.a" is not a runtime expression: "$response." must be followed by "header." or "body"',
  ],
  [
    '{$response.path.a}',
    '"$response.path.a" is not a runtime expression: "$response." must be followed by "header." or "body"',
  ],
  [
    '{$response.status}',
    '"$response.status" is not a runtime expression: "$response." must be followed by "header." or "body"',
  ],
  [
    '{$a.b}',
    '"$a.b" is not a runtime expression: it must begin with "$url", "$method", "$statusCode", "$request.", "$response.", or be "$" and the name of one parameter',
  ],
  [
    '{$a#/b}',
    '"$a#/b" is not a runtime expression: it must begin with "$url", "$method", "$statusCode", "$request.", "$response.", or be "$" and the name of one parameter',
  ],
  [
    '{$a/b}',
    '"$a/b" is not a runtime expression: it must begin with "$url", "$method", "$statusCode", "$request.", "$response.", or be "$" and the name of one parameter',
  ],
  [
    '$a/b',
    '"$a/b" is not a runtime expression: it must begin with "$url", "$method", "$statusCode", "$request.", "$response.", or be "$" and the name of one parameter',
  ],
  [
    '{$a b}',
    '"$a b" is not a runtime expression: it must begin with "$url", "$method", "$statusCode", "$request.", "$response.", or be "$" and the name of one parameter',
  ],
  [
    '{$ a}',
    '"$ a" is not a runtime expression: it must begin with "$url", "$method", "$statusCode", "$request.", "$response.", or be "$" and the name of one parameter',
  ],
  [
    '{$url.x}',
    '"$url.x" is not a runtime expression: it must begin with "$url", "$method", "$statusCode", "$request.", "$response.", or be "$" and the name of one parameter',
  ],
  [
    '{$statusCode#/x}',
    '"$statusCode#/x" is not a runtime expression: it must begin with "$url", "$method", "$statusCode", "$request.", "$response.", or be "$" and the name of one parameter',
  ],
  ['{$request.body#/x }', '"$request.body#/x " ends in a space'],
  ['{$request.query.x }', '"$request.query.x " ends in a space'],
  ['{$a }', '"$a " ends in a space'],
  ['{$request.query.}', '"$request.query." lacks a name after "query."'],
  ['{$request.path.}', '"$request.path." lacks a name after "path."'],
  ['{$request.header.}', '"$request.header." lacks a name after "header."'],
  ['{$response.header.}', '"$response.header." lacks a name after "header."'],
  [
    '{$request.query.a"b}',
    '"$request.query.a"b" has a character that a name must escape, as in JSON: ", \\ or a control character',
  ],
  ['{$request.header.a b}', '"a b" is not a header name'],
  ['{$request.header.a/b}', '"a/b" is not a header name'],
  ['{$request.header.(a)}', '"(a)" is not a header name'],
  ['{$response.header.a:b}', '"a:b" is not a header name'],
  [
    '{$request.bodyx}',
    '"$request.bodyx" is not a runtime expression: "body" may be followed only by "#/pointer" or ".property"',
  ],
  [
    '{$request.body/x}',
    '"$request.body/x" is not a runtime expression: "body" may be followed only by "#/pointer" or ".property"',
  ],
  [
    '{$request.body#x}',
    '"$request.body#x" is not a runtime expression: "body" may be followed only by "#/pointer" or ".property"',
  ],
  [
    '{$request.body x}',
    '"$request.body x" is not a runtime expression: "body" may be followed only by "#/pointer" or ".property"',
  ],
  [
    '{$response.body#id}',
    '"$response.body#id" is not a runtime expression: "body" may be followed only by "#/pointer" or ".property"',
  ],
  ['{$request.body#/a~b}', '"$request.body#/a~b" has a "~" that must be written "~0"'],
  ['{$request.body#/a~}', '"$request.body#/a~" has a "~" that must be written "~0"'],
  ['{$request.body#/a~0~2}', '"$request.body#/a~0~2" has a "~" that must be written "~0"'],
  ['{$request.body.}', '"$request.body." lacks a name after "."'],
  ['{$request.body.a.}', '"$request.body.a." lacks a name after "."'],
  ['{$request.body..a}', '"$request.body..a" lacks a name after "."'],
  ['{$request.body.a..b}', '"$request.body.a..b" lacks a name after "."'],
  ['{$request.body.a/b}', '"$request.body.a/b" mixes dots with "/" or "#": a pointer is written "#/a/b"'],
  ['{$request.body.a#/b}', '"$request.body.a#/b" mixes dots with "/" or "#": a pointer is written "#/a/b"'],
  ['{$response.body.}', '"$response.body." lacks a name after "."'],
  ['foo', '"foo" is not an absolute http or https URL and contains no runtime expression'],
  ['/a', '"/a" is not an absolute http or https URL and contains no runtime expression'],
  ['//x.example/a', '"//x.example/a" is not an absolute http or https URL and contains no runtime expression'],
  [
    'x.example/{$a}',
    '"x.example/" is not an absolute http or https URL: a URL template must begin with one or with an expression',
  ],
  ['/a/{$b}', '"/a/" is not an absolute http or https URL: a URL template must begin with one or with an expression'],
  ['ftp://x.example', '"ftp://x.example" is not an absolute http or https URL and contains no runtime expression'],
  [
    'ftp://x.example/{$a}',
    '"ftp://x.example/" is not an absolute http or https URL: a URL template must begin with one or with an expression',
  ],
  ['https:x.example', '"https:x.example" is not an absolute http or https URL and contains no runtime expression'],
  ['https://', '"https://" is not an absolute http or https URL and contains no runtime expression'],
  ['http://', '"http://" is not an absolute http or https URL and contains no runtime expression'],
  ['https:///x', '"https:///x" is not an absolute http or https URL and contains no runtime expression'],
  ['https://?a', '"https://?a" is not an absolute http or https URL and contains no runtime expression'],
  ['https://{$a}', 'An expression may not be part of the scheme, host or port of a URL'],
  ['https://{$a}/x', 'An expression may not be part of the scheme, host or port of a URL'],
  ['https://x.example{$a}', 'An expression may not be part of the scheme, host or port of a URL'],
  ['https://x.example:{$a}/', 'An expression may not be part of the scheme, host or port of a URL'],
  ['https:///{$a}', 'An expression may not be part of the scheme, host or port of a URL'],
  ['{$a}://x.example/{$b}', 'An expression may not be part of the scheme, host or port of a URL'],
  ['{$a}:80', 'An expression may not be part of the scheme, host or port of a URL'],
  ['{$a}/b:c', null],
  ['{$a}/{$b}:c', null],
  [
    'mailto:{$a}',
    '"mailto:" is not an absolute http or https URL: a URL template must begin with one or with an expression',
  ],
  ['{$a}#b', 'A request URL has no fragment: write "#" as "%23"'],
  ['{$a}/#{$b}', 'A request URL has no fragment: write "#" as "%23"'],
  ['https://x.example/#a', 'A request URL has no fragment: write "#" as "%23"'],
  ['https://x.example/#{$a}', 'A request URL has no fragment: write "#" as "%23"'],
  ['{$a}/b c', 'A URL cannot contain spaces, control characters or backslashes'],
  ['{$a}/b c/{$d}', 'A URL cannot contain spaces, control characters or backslashes'],
  ['https://x.example/a b', 'A URL cannot contain spaces, control characters or backslashes'],
  ['{$a}/b\\c', 'A URL cannot contain spaces, control characters or backslashes'],
] as const

/** An operation that accepts whatever is sent, so that only the grammar can complain. */
interface Anything {
  readonly params: unknown
  readonly query: unknown
  readonly headers: unknown
  readonly body: unknown
  readonly responseBody: { readonly id: string; readonly a: { readonly b: string } }
  readonly responseHeaders: { readonly location: string }
}

type Judged<Text extends string> = [Complaint<Scan<Text, Anything>>] extends [never]
  ? null
  : Capitalize<Complaint<Scan<Text, Anything>>>

type Disagreement<Row> = Row extends readonly [infer Text extends string, infer Reason]
  ? [Judged<Text>] extends [Reason]
    ? [Reason] extends [Judged<Text>]
      ? never
      : { text: Text; compiler: Judged<Text>; parser: Reason }
    : { text: Text; compiler: Judged<Text>; parser: Reason }
  : never

// An error here names the templates on which the compiler disagrees
const compilerAgrees: [Disagreement<(typeof verdicts)[number]>] extends [never]
  ? true
  : Disagreement<(typeof verdicts)[number]> = true

test('parseUrlTemplate gives the reasons that Scan gives in the compiler', () => {
  assert.ok(compilerAgrees)
  for (const [text, reason] of verdicts) assert.equal(reasonAgainst(text), reason, text)
})

/** The same with names that only the sender knows. */
type JudgedWithNames<Text extends string> = [
  Complaint<Scan<Text, Anything, { '~params'?: { a: string; b: 1 } }>>,
] extends [never]
  ? true
  : false

const named: [
  JudgedWithNames<'{$url}/{a}/{b}'>,
  JudgedWithNames<'https://x.example/{a}-{b}/{$method}'>,
  JudgedWithNames<'{$url}/{a}/{c}'>,
  JudgedWithNames<'{$url}/{a}#'>,
  JudgedWithNames<'{$url}/{a}/{$nope'>,
] = [true, true, false, false, false]

test('parseUrlTemplate takes the names that Scan takes in the compiler', () => {
  const texts = [
    '{$url}/{a}/{b}',
    'https://x.example/{a}-{b}/{$method}',
    '{$url}/{a}/{c}',
    '{$url}/{a}#',
    '{$url}/{a}/{$nope',
  ]
  assert.deepEqual(
    texts.map(text => reasonAgainst(text, ['a', 'b']) === null),
    named,
  )
})

function reasonAgainst(text: string, names: readonly string[] = []): string | null {
  try {
    parseUrlTemplate(text, { names })
    return null
  } catch (error) {
    assert.ok(error instanceof ExpressionSyntaxError)
    return error.reason
  }
}
