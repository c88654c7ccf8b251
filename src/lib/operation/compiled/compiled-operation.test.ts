import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { z } from 'zod'
import { DefinitionError } from '../../definition/definition-error.ts'
import { parsePathTemplate } from '../../http/path-template.ts'
import type { Schema } from '../../schema/schema.ts'
import { callback } from '../callback-definition.ts'
import type { CallbackSet } from '../check-callbacks.ts'
import { dependency } from '../dependency-definition.ts'
import { type CompiledOperation, compileOperation, type InheritedParts } from './compiled-operation.ts'

const inherited: InheritedParts = {
  tags: [],
  deprecated: false,
  documented: true,
  responses: {},
  callbacks: [],
  dependencies: [],
  webhooks: [],
}

/** Compiles a definition from JavaScript, which no type checker has seen. */
function compiled(definition: object, levels: Partial<InheritedParts> = {}): CompiledOperation {
  return compileOperation({
    method: 'post',
    template: parsePathTemplate('/invoices/{invoice_id}/{both}'),
    operationId: 'create',
    definition,
    inherited: { ...inherited, ...levels },
    handler: () => undefined,
  })
}

function refusal(definition: object, levels?: Partial<InheritedParts>): string {
  try {
    compiled(definition, levels)
  } catch (error) {
    assert.ok(error instanceof DefinitionError, String(error))
    return error.message
  }
  return assert.fail('It was accepted')
}

interface Parts {
  readonly query: Schema
  readonly headers: Schema
  readonly body: Schema
  readonly response: Schema
  readonly responseHeaders: Schema
}

/** The same operation in three libraries. */
const libraries: Readonly<Record<string, Parts>> = {
  zod: {
    query: z.object({ callback_url: z.url().optional(), url: z.url(), tags: z.array(z.string()), both: z.string() }),
    headers: z.object({ 'x-callback': z.url() }),
    body: z.object({ id: z.string(), lines: z.array(z.string()), customer: z.object({ name: z.string() }) }),
    response: z.object({ id: z.string(), later: z.string().optional(), maybe: z.string().nullable() }),
    responseHeaders: z.object({ location: z.url(), etag: z.string().optional() }),
  },
  arktype: {
    query: type({ 'callback_url?': 'string', url: 'string', tags: 'string[]', both: 'string' }),
    headers: type({ 'x-callback': 'string' }),
    body: type({ id: 'string', lines: 'string[]', customer: { name: 'string' } }).onDeepUndeclaredKey('delete'),
    response: type({ id: 'string', 'later?': 'string', maybe: 'string | null' }),
    responseHeaders: type({ location: 'string', 'etag?': 'string' }),
  },
  valibot: {
    query: toStandardJsonSchema(
      v.object({ callback_url: v.optional(v.string()), url: v.string(), tags: v.array(v.string()), both: v.string() }),
    ),
    headers: toStandardJsonSchema(v.object({ 'x-callback': v.string() })),
    body: toStandardJsonSchema(
      v.object({ id: v.string(), lines: v.array(v.string()), customer: v.object({ name: v.string() }) }),
    ),
    response: toStandardJsonSchema(
      v.object({ id: v.string(), later: v.optional(v.string()), maybe: v.nullable(v.string()) }),
    ),
    responseHeaders: toStandardJsonSchema(v.object({ location: v.string(), etag: v.optional(v.string()) })),
  },
}

/** A URL, the message that refuses it, and the text that the caret points at. */
const mistakes: readonly (readonly [url: string, words: string, at: string])[] = [
  [
    '{$request.query.callbak_url}',
    'no query parameter "callbak_url"; declared: "both", "callback_url"',
    '$request.query',
  ],
  [
    'https://x.example/{$request.path.invoiceId}',
    'no path parameter "invoiceId"; declared: "both", "invoice_id"',
    '$request.p',
  ],
  ['{$request.header.X-Calback}', 'no header "x-calback"; declared: "x-callback"', '$request.header'],
  ['{$url}/{$request.body#/idd}', 'no property "idd" in the body; declared: "customer", "id"', '$request.body'],
  [
    '{$url}/{$request.body#/customer/nam}',
    'no property "nam" at "customer/nam" of the body; declared: "name"',
    '$request',
  ],
  [
    '{$url}/{$request.body.customer.nam}',
    'no property "nam" at "customer/nam" of the body; declared: "name"',
    '$request',
  ],
  ['{$url}/{$request.body#/id/name}', 'no object to look for "name" in, at "id/name" of the body', '$request'],
  ['{$url}/{$request.body#/lines/first}', 'an array in which "first" is not an index, at "lines/first"', '$request'],
  ['{$url}/{$callbak_url}', 'No path, query or header parameter "callbak_url"; declared: "both"', '$callbak_url'],
  ['{$url}/{$both}', '"$both" is declared more than once; write $request.query.both or $request.path.both', '$both'],
  ['{$url}/{$boths}/{$both}', 'No path, query or header parameter "boths"', '$boths'],
  ['{$url', '"{" is never closed in "{$url"; write "{$url}"', '{$url'],
  ['{$url/{$callback_url}', '"{" is never closed in "{$url/"', '{$url/'],
  ['{$url}}', '"}" has no "{" before it', '}'],
  [
    '{url}/invoices',
    '"{url}" is not a runtime expression: it must begin with "$", or be declared in "params" if only the sender knows its value',
    'url}/',
  ],
  ['{request.query.url}', 'it must begin with "$"; write "{$request.query.url}"', 'request.query'],
  [
    '{$request.requestBody.url}',
    '"$request." must be followed by "query.", "path.", "header." or "body"',
    'requestBody',
  ],
  ['{$request.cookie.url}', '"$request." must be followed by "query.", "path.", "header." or "body"', 'cookie'],
  [
    '{$requests.query.url}',
    '"$requests.query.url" is not a runtime expression: it must begin with "$url"',
    '$requests',
  ],
  ['$request.query.url/{$both}', 'An expression that is not the whole text must be in braces', '{$both}'],
  ['{$url}/{$request.body#/lines}', 'an array or an object at "lines" of the body: a URL needs text', '$request'],
  ['{$url}/{$request.body.customer}', 'an array or an object at "customer" of the body: a URL needs text', '$request'],
  ['{$url}/{$request.body}', 'an array or an object as the body: a URL needs text, a number or a boolean', '$request'],
  ['{$request.query.tags}', 'an array or an object in query parameter "tags": a URL needs text', '$request'],
  ['{$url}/{$tags}', 'an array or an object in query parameter "tags": a URL needs text', '$tags'],
  ['{$url}/{$response.body#/later}', 'only an optional "later" in the response: it must be required', '$response'],
  ['{$url}/{$response.body#/maybe}', 'only an optional "maybe" in the response: it must be required', '$response'],
  ['{$url}/{$response.body#/idd}', 'no property "idd" in the response; declared: "id"', '$response'],
  ['{$response.header.Locaton}', 'no response header "locaton"; declared: "etag", "location"', '$response'],
  ['{$response.header.ETag}', 'only an optional response header "ETag": it must be required', '$response'],
  ['{$response.query.url}', '"$response." must be followed by "header." or "body"', 'query.url'],
  ['https://{$both}/events', 'An expression may not be part of the scheme, host or port of a URL', '{$both}'],
  ['https://www.external.org{$both}', 'An expression may not be part of the scheme, host or port of a URL', '{$both}'],
  ['{$url}:8080', 'An expression may not be part of the scheme, host or port of a URL', '{$url}'],
  ['/events', '"/events" is not an absolute http or https URL and contains no runtime expression', '/events'],
  [
    'callback_url',
    '"callback_url" is not an absolute http or https URL and contains no runtime expression',
    'callback_url',
  ],
  ['ftp://www.external.org', 'is not an absolute http or https URL and contains no runtime expression', 'ftp'],
  [
    'events/{$url}',
    '"events/" is not an absolute http or https URL: a URL template must begin with one or with',
    'events',
  ],
  ['{$url}#paid', 'A request URL has no fragment: write "#" as "%23"', '#paid'],
]

for (const [library, parts] of Object.entries(libraries))
  test(`compileOperation refuses every mistake in an expression with a message and a caret, by the JSON Schemas of ${library}`, () => {
    for (const [url, words, at] of mistakes) {
      const lines = refusal({ ...parts, callbacks: { note: callback.post(url, {}) } }).split('\n')
      assert.match(lines[0] ?? '', /^The URL of the callback "note" of create/)
      assert.ok(lines[0]?.includes(words), `${url}: ${lines[0]}`)
      assert.deepEqual(lines.slice(1), [url, `${' '.repeat(url.lastIndexOf(at))}^`], url)
    }
  })

test('compileOperation names the absent part where an expression reads what is not declared', () => {
  const reading = (url: string) => refusal({ callbacks: { note: callback.post(url, {}) } })
  assert.match(reading('https://x.example/{$request.body#/id}'), /there is no body declared/)
  assert.match(reading('https://x.example/{$response.body#/id}'), /there is no response declared/)
  assert.match(
    reading('https://x.example/{$response.header.location}'),
    /no response header "location"; declared: none/,
  )
  assert.match(reading('{$request.query.url}'), /no query parameter "url"; declared: none/)
  assert.match(reading('{$callback_url}'), /declared: "both", "invoice_id"/)
})

test('compileOperation checks callbacks of a callback against the request that its receiver gets', () => {
  const query = z.object({ url: z.url() })
  const back = (url: string): CallbackSet => ({ back: callback.post(url, {}) })
  const nested = (url: string) =>
    refusal({ query, callbacks: { note: { ...callback.post('{$url}', {}), options: { callbacks: back(url) } } } })
  assert.match(nested('{$request.body.reply_to}'), /callback "back" of createNote reads .* no body declared/)
  assert.match(nested('{$request.query.url}'), /no query parameter "url"; declared: none/)
})

test('compileOperation checks the callbacks of outer levels against each operation', () => {
  const alert = callback.post('{$callback_url}', {})
  assert.match(refusal({}, { callbacks: [{ alert }] }), /No path, query or header parameter "callback_url"/)
  const hook = dependency({ query: z.object({ callback_url: z.url() }) }, () => 1)
  assert.equal(
    compiled({}, { callbacks: [{ alert }], dependencies: [{ hook }] }).callbacks[0]?.url,
    '{$request.query.callback_url}',
  )
})

test('compileOperation takes the same object under one name at two levels, and refuses a different one', () => {
  const query = z.object({ callback_url: z.url() })
  const alert = callback.post('{$callback_url}', {})
  const user = dependency({}, () => 1)
  const levels = { callbacks: [{ alert }], dependencies: [{ user }] }
  assert.equal(compiled({ query, callbacks: { alert }, dependencies: { user } }, levels).callbacks.length, 1)
  assert.match(
    refusal({ query, callbacks: { alert: callback.post('{$callback_url}', {}) } }, levels),
    /Two different callback definitions are called "alert" on POST/,
  )
  assert.match(
    refusal({ query, dependencies: { user: dependency({}, () => 1) } }, levels),
    /Two different dependency definitions are called "user" on POST/,
  )
})

test('compileOperation refuses a base URL that is never text, and takes one that may be text', () => {
  const query = z.object({
    u: z.number(),
    b: z.boolean().optional(),
    n: z.literal(5),
    either: z.union([z.int(), z.url()]),
  })
  const body = z.object({ port: z.int().nullish(), flags: z.array(z.boolean()), hook: z.url().nullable() })
  const headers = z.object({ 'x-count': z.int() })
  const response = z.object({ id: z.int() })
  const of = (url: string) => ({ query, body, headers, response, callbacks: { c: callback.post(url, {}) } })
  for (const [url, words] of [
    ['{$request.query.u}', /begins with "\$request\.query\.u", which is declared as number, .*z\.url\(\)/],
    ['{$u}/x', /begins with "\$u", which is declared as number/],
    ['{$request.query.b}', /declared as boolean/],
    ['{$request.query.n}/{$request.query.either}', /declared as number/],
    ['{$request.body#/port}', /declared as number/],
    ['{$request.body.flags.0}/x', /declared as boolean/],
    ['{$request.header.x-count}', /declared as number/],
    ['{$response.body#/id}', /declared as number/],
    ['{$method}/x', /not a URL/],
    ['{$statusCode}', /not a URL/],
  ] as const)
    assert.match(refusal(of(url)), words, url)
  for (const url of [
    '{$request.query.either}',
    '{$request.body.hook}/{$u}',
    'https://www.external.org/{$u}/{$statusCode}',
  ])
    assert.equal(compiled(of(url)).callbacks.length, 1)
})

test('compileOperation refuses contradictory definitions', () => {
  const schema = z.object({ id: z.string() })
  const noted = (options: object) => ({
    callbacks: { note: { ...callback.post('https://www.external.org/', {}), options } },
  })
  const cases: readonly (readonly [definition: object, words: RegExp])[] = [
    [{ repsonse: schema }, /Unknown key "repsonse" in POST .*; known keys: params, query/],
    [noted({ bdy: schema }), /Unknown key "bdy" in the callback "note" of create; known keys: params, body/],
    [{ body: { id: 'string' } }, /"body" of POST .* is not a schema/],
    [{ body: 'string' }, /"body" of POST .* is not a schema/],
    [{ params: schema }, /"params" of POST .* declares "id", but the path has no "\{id\}"/],
    [{ response: schema, status: 204 }, /A response with status 204 has no body/],
    [{ response: schema, status: 205 }, /A response with status 205 has no body: remove "response"/],
    [{ response: schema, responses: { 200: {} } }, /contains 200, the status of the main response/],
    [{ responses: { 204: {} } }, /contains 204, the status of the main response/],
    [{ responses: { 404: schema } }, /has no declaration at 404: write \{ body: schema \}/],
    [noted({ response: schema, status: 204 }), /A response with status 204 has no body: .* of the callback "note"/],
    [noted({ response: schema, responses: { 200: {} } }), /contains 200, the status of the main response/],
    [noted({ responses: { 410: schema } }), /has no declaration at 410/],
    [{ dependencies: { body: dependency({}, () => 1) } }, /The handler of POST .* already has "body"/],
    [{ dependencies: { user: () => 1 } }, /"user" in the dependencies of POST .* is not a dependency/],
    [{ callbacks: { note: '{$url}' } }, /The callback "note" of create is not a callback/],
    [{ callbacks: { note: { url: '{$url}' } } }, /The callback "note" of create is not a callback/],
    [{ callbacks: { note: { kind: 'callback', url: undefined, options: {} } } }, /The URL of .* is not text/],
  ]
  for (const [definition, words] of cases) assert.match(refusal(definition), words)
})
