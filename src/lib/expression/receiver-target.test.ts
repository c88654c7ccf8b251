import assert from 'node:assert/strict'
import { test } from 'node:test'
import { receiverTarget } from './receiver-target.ts'

test('what follows the base is a path template, with a name for each expression', () => {
  const cases: readonly (readonly [url: string, path: string, names: readonly (readonly [string, string])[]])[] = [
    ['{$request.query.callback_url}/invoices/{$request.body#/id}', '/invoices/{id}', [['id', '$request.body#/id']]],
    ['{$callback_url}/invoices/{$request.body.id}/', '/invoices/{id}/', [['id', '$request.body.id']]],
    ['{$request.body#/a~1b/?c}', '', []],
    ['{$url}', '', []],
    ['{$request.body#/sink}events', '/events', []],
    [
      '{$callback_url}/{$request.body#/a/id}/{$request.body#/b/id}-{item_id}.json',
      '/{id}/{id_2}-{item_id}.json',
      [
        ['id', '$request.body#/a/id'],
        ['id_2', '$request.body#/b/id'],
        ['item_id', 'item_id'],
      ],
    ],
    [
      '{$callback_url}/{$request.body#/ids/0}/{$method}',
      '/{ids}/{method}',
      [
        ['ids', '$request.body#/ids/0'],
        ['method', '$method'],
      ],
    ],
    ['{$callback_url}/{$request.header.X-Tenant}', '/{X-Tenant}', [['X-Tenant', '$request.header.X-Tenant']]],
    ['https://example.com/hooks/{$request.body#/id}', '/hooks/{id}', [['id', '$request.body#/id']]],
    ['https://example.com', '', []],
    ['http://{$request.query.host}:8080/x//y#z', '/x/y', []],
    ['{$request.query.scheme}://example.com/x', '/x', []],
    ['https://{$request.body#/host}/x', '/x', []],
    ['$request.body#/callbackUrl', '', []],
    ['{request.body#/callbackUrl}', '', []],
    ['/onEvent', '/onEvent', []],
    ['onEvent', '/onEvent', []],
    ['{$a}/x{y', '/xy', []],
    ['', '', []],
  ]
  for (const [url, path, names] of cases) {
    const target = receiverTarget(url)
    assert.equal(target.path, path, url)
    assert.deepEqual([...target.names], names, url)
  }
})

test('text behind the question mark is a query', () => {
  const { path, query } = receiverTarget('{$request.body#/url?}/x?id={$request.body#/a?b}&fixed=1&n&=2')
  assert.equal(path, '/x')
  assert.deepEqual(query, [
    { name: 'id', expression: '$request.body#/a?b' },
    { name: 'fixed', expression: undefined },
    { name: 'n', expression: undefined },
  ])
})

test('a text of any length costs linear time', () => {
  for (const text of ['{'.repeat(100_000), '{}'.repeat(50_000), '/'.repeat(100_000), `{$a}?${'&='.repeat(50_000)}`])
    receiverTarget(text)
})
