import assert from 'node:assert/strict'
import { test } from 'node:test'
import callbackKeys from './callback-keys.test.json' with { type: 'json' }
import { ExpressionSyntaxError } from './expression-syntax-error.ts'
import { locateExpressions, parseExpression, parseUrlTemplate } from './parse.ts'
import { serializeUrlTemplate } from './serialize.ts'

function refusal(run: () => unknown): ExpressionSyntaxError {
  try {
    run()
  } catch (error) {
    assert.ok(error instanceof ExpressionSyntaxError, String(error))
    return error
  }
  assert.fail('Nothing was refused')
}

/** What the class of a key means for the parser: accepted, or refused with this suggestion. */
const accepted = Symbol('accepted')
const expectations: Record<string, (key: (typeof callbackKeys)[number], standard: boolean) => unknown> = {
  valid: () => accepted,
  'missing-dollar': ({ standard }) => standard,
  unbalanced: ({ standard }) => standard,
  'dotted-body': (key, standard) => (standard ? key.standard : accepted),
  'plain-template': ({ key }, standard) => (standard ? undefined : key.replace('{', '{$')),
}

test('parseUrlTemplate judges the callback keys of published documents as classified', () => {
  for (const standard of [true, false]) {
    for (const key of callbackKeys) {
      const expected = expectations[key.class]?.(key, standard)
      if (expected === accepted) {
        assert.equal(serializeUrlTemplate(parseUrlTemplate(key.key, { standard })), key.standard)
      } else {
        assert.equal(refusal(() => parseUrlTemplate(key.key, { standard })).suggestion, expected, key.key)
      }
    }
  }
})

test('parseExpression reads each form of the standard', () => {
  const forms = [
    ['$url', { kind: 'url' }],
    ['$method', { kind: 'method' }],
    ['$statusCode', { kind: 'status-code' }],
    ['$request.query.filter[a].b-c', { kind: 'query', name: 'filter[a].b-c' }],
    ['$request.query.a\\"\\u007bb', { kind: 'query', name: 'a"{b' }],
    ['$request.path.id', { kind: 'path', name: 'id' }],
    ['$request.header.X-Token.#1', { kind: 'header', message: 'request', name: 'X-Token.#1' }],
    ['$request.body', { kind: 'body', message: 'request', pointer: [] }],
    ['$request.body#', { kind: 'body', message: 'request', pointer: [] }],
    ['$request.body#/', { kind: 'body', message: 'request', pointer: [''] }],
    ['$request.body#/a~1b/~01/0', { kind: 'body', message: 'request', pointer: ['a/b', '~1', '0'] }],
    ['$response.header.Location', { kind: 'header', message: 'response', name: 'Location' }],
    ['$response.body#/id', { kind: 'body', message: 'response', pointer: ['id'] }],
  ] as const
  for (const [text, tree] of forms) assert.deepEqual(parseExpression(text, { standard: true }), tree)
})

test('parseExpression reads the shorthand, and with standard refuses it', () => {
  assert.deepEqual(parseExpression('$callback_url'), { kind: 'shorthand', name: 'callback_url' })
  assert.deepEqual(parseExpression('$request.body.a.0'), { kind: 'body', message: 'request', pointer: ['a', '0'] })
  const shorthand = refusal(() => parseExpression('$callback_url', { standard: true }))
  assert.deepEqual([shorthand.index, shorthand.suggestion], [0, undefined])
  const dotted = refusal(() => parseExpression('$response.body.a~b.c', { standard: true }))
  assert.equal(dotted.suggestion, '$response.body#/a~0b/c')
})

test('parseExpression says where and why, and what was meant', () => {
  const mistakes = [
    ['request.body#/x', 0, '$request.body#/x'],
    ['{$request.body#/x}', 0, '$request.body#/x'],
    ['$request.body#/x ', 16, '$request.body#/x'],
    ['name', 0, '$name'],
    [' $a{b}', 3, undefined],
    ['url', 0, undefined],
    ['$request.cookie.x', 9, undefined],
    ['$response.query.x', 10, undefined],
    ['$request.query.', 15, undefined],
    ['$request.header.a b', 17, undefined],
    ['$request.body#/a~2', 16, undefined],
    ['$request.bodyx', 13, undefined],
    ['$request.body.a..b', 15, undefined],
    ['$request.body.', 13, undefined],
    ['$request.body./a', 14, undefined],
    ['$request.body.a#/b', 15, undefined],
    ['$request', 0, undefined],
    ['', 0, undefined],
  ] as const
  for (const [text, index, suggestion] of mistakes) {
    const error = refusal(() => parseExpression(text))
    assert.deepEqual([error.code, error.source], ['ERR_EXPRESSION_SYNTAX', text])
    assert.deepEqual([text, error.index, error.suggestion], [text, index, suggestion])
  }
})

test('parseExpression says of braces that they do not belong there, wherever they stand', () => {
  for (const text of ['{$url}', '{$url', '$url}'])
    assert.match(refusal(() => parseExpression(text)).reason, /has no braces/, text)
})

test('parseUrlTemplate suggests what was meant', () => {
  const mistakes = [
    ['{ request.body#/x }/y', 1, '{$request.body#/x}/y'],
    ['{ $request.body#/x}', 1, '{$request.body#/x}'],
    ['{request.query.u}/{id}', 1, '{$request.query.u}/{$id}'],
    ['{$callback_url/invoices', 0, '{$callback_url}/invoices'],
    ['{$request.body#/a/b', 0, '{$request.body#/a/b}'],
    ['{$a/{$b}', 0, '{$a}/{$b}'],
    ['{$request.body#/a/{$b}', 0, '{$request.body#/a}/{$b}'],
    ['$request.body#/x}', 16, '{$request.body#/x}'],
    ['$callback_url/x/{$id}', 16, '{$callback_url}/x/{$id}'],
    ['{$a}/{$request.body#/b~}', 22, undefined],
    ['{$a}}', 4, undefined],
    ['{url}', 1, undefined],
    ['{}', 1, undefined],
  ] as const
  for (const [text, index, suggestion] of mistakes) {
    const error = refusal(() => parseUrlTemplate(text))
    assert.deepEqual([text, error.index, error.suggestion], [text, index, suggestion])
  }
})

test('ExpressionSyntaxError shows reason, remedy and place in its message', () => {
  assert.equal(
    refusal(() => parseUrlTemplate('{request.body#/x}/y')).message,
    '"{request.body#/x}" is not a runtime expression: it must begin with "$"; write "{$request.body#/x}/y"\n' +
      '{request.body#/x}/y\n' +
      ' ^',
  )
})

test('ExpressionSyntaxError proposes nothing in its message where it cannot tell what was meant', () => {
  assert.match(
    refusal(() => parseUrlTemplate('{url}')).message,
    /^"\{url\}" is not a runtime expression: it must begin with "\$", or be declared in "params" if .* knows its value\n/,
  )
})

test('parseUrlTemplate lets no expression stand in scheme, host or port', () => {
  const templates = [
    'https://{$request.query.host}/x',
    'https://{$request.query.host}',
    'https://x.example{$request.query.host}/x',
    'https://x.example:{$request.query.port}/x',
    'https://x{$request.query.host}.example/x',
    'https://user:{$request.query.password}@x.example/x',
    '{$request.query.scheme}://x.example/',
  ]
  for (const template of templates)
    assert.match(refusal(() => parseUrlTemplate(template)).reason, /may not be part of the scheme, host or port/)
  const misplaced = [
    ['{$request.query.scheme}://x.example/', 0],
    ['https://{$request.query.host}/x', 8],
    ['http{$request.query.s}://x.example/', 0],
    ['https:\\\\x.example\\{$request.query.x}', 6],
    ['https:///{$request.query.host}/', 9],
    ['https://x.example:99999/{$request.query.x}', 0],
    ['ftp://x.example/{$request.query.x}', 0],
    ['/x/{$request.query.x}', 0],
  ] as const
  for (const [text, index] of misplaced) assert.equal(refusal(() => parseUrlTemplate(text)).index, index, text)
})

test('parseUrlTemplate takes a text without expressions only if it is an absolute http or https URL', () => {
  const template = parseUrlTemplate('HTTPS://x.example/a?b=c', { standard: true })
  assert.deepEqual(template.parts, [{ kind: 'literal', text: 'HTTPS://x.example/a?b=c' }])
  for (const text of ['', '/a', 'x.example/a', 'ftp://x.example/', 'https://', 'https://x:99999/', 'mailto:a@b.c']) {
    const { reason, index } = refusal(() => parseUrlTemplate(text))
    assert.match(reason, /not an absolute http or https URL/)
    assert.equal(index, 0)
  }
})

test('parseUrlTemplate refuses literal text that would change the structure of the URL', () => {
  const texts = [
    '{$a}#b',
    'https://x.example/#b',
    '{$a}/b c',
    '{$a}/b\\c',
    '{$a}/b\nc',
    '{$a}/%zz/{$b}',
    '{$a}/%2{$b}',
    '{$a}/../b',
    '{$a}/.',
    '{$a}../b',
    '{$a}/.%2E?x={$b}',
    'https://x.example/a/%2e%2e/{$b}',
    '{$a}/\ud800',
  ]
  for (const text of texts) assert.equal(refusal(() => parseUrlTemplate(text)).suggestion, undefined)
  for (const text of ['{$a}?x=../y', '{$a}/..{$b}', '{$a}/{$b}.', '{$a}/...', '{$a}//b']) parseUrlTemplate(text)
})

test('parseUrlTemplate refuses "&" where no query has begun: behind a base URL, whose query is not known', () => {
  for (const [text, index] of [
    ['{$a}&b=c', 4],
    ['{$a}/{$b}&c={$d}', 9],
    ['{$a}/{$request.query.b?}&c', 24],
  ] as const)
    assert.deepEqual([refusal(() => parseUrlTemplate(text)).index, text], [index, text])
  for (const text of ['{$a}?b={$c}&d={$e}', '{$a}/x?b={$c}&d=e', 'https://x.example/{$a}&b']) parseUrlTemplate(text)
})

test('parseUrlTemplate points at the text that holds the dots', () => {
  assert.equal(refusal(() => parseUrlTemplate('{$a}/x/{$b}/../c')).index, '{$a}/x/{$b}'.length)
})

test('parseUrlTemplate gives a frozen tree', () => {
  const template = parseUrlTemplate('{$request.body#/a}/b')
  const [first, second] = template.parts
  assert.ok(first?.kind === 'body')
  for (const value of [template, template.parts, first, first.pointer, second]) assert.ok(Object.isFrozen(value))
})

test('locateExpressions lists the expressions with their places', () => {
  const source = '{$callback_url}/invoices/{$request.body.id}'
  const located = locateExpressions(source)
  assert.deepEqual(
    located.map(({ text, index }) => [text, index]),
    [
      ['$callback_url', 1],
      ['$request.body.id', 26],
    ],
  )
  for (const { text, index } of located) assert.ok(source.startsWith(text, index))
  assert.deepEqual(locateExpressions('$url'), [{ expression: { kind: 'url' }, text: '$url', index: 0 }])
})
