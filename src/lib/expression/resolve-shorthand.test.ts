import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseUrlTemplate } from './parse.ts'
import { resolveShorthand } from './resolve-shorthand.ts'
import { serializeUrlTemplate } from './serialize.ts'

const declared = { params: ['id', 'twice'], query: ['callback_url', 'twice'], headers: ['X-Tenant', 'Twice'] }
const resolve = (text: string) => resolveShorthand(parseUrlTemplate(text), declared)

test('resolveShorthand puts the query, path or header parameter in the place of its name', () => {
  const resolved = resolve('{$callback_url}/a/{$id}/{$x-tenant}/{$request.body.b}')
  assert.ok('template' in resolved && Object.isFrozen(resolved.template.parts))
  assert.equal(
    serializeUrlTemplate(resolved.template),
    '{$request.query.callback_url}/a/{$request.path.id}/{$request.header.X-Tenant}/{$request.body#/b}',
  )
})

test('resolveShorthand lists the declared names when one is unknown', () => {
  assert.deepEqual(resolve('{$callback_url}/{$callbak_url}'), {
    unresolved:
      'No path, query or header parameter "callbak_url"; declared: "Twice", "X-Tenant", "callback_url", "id", "twice"',
    expression: '$callbak_url',
  })
  assert.deepEqual(resolveShorthand(parseUrlTemplate('$x'), { params: [], query: [], headers: [] }), {
    unresolved: 'No path, query or header parameter "x"; declared: none',
    expression: '$x',
  })
})

test('resolveShorthand says which forms to write for a name that is declared more than once', () => {
  assert.deepEqual(resolve('{$twice}'), {
    unresolved:
      '"$twice" is declared more than once; write $request.query.twice or $request.path.twice or $request.header.Twice',
    expression: '$twice',
  })
})
