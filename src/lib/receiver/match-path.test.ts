import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileMatchPath } from './match-path.ts'

test('a path is compared from its end', () => {
  const match = compileMatchPath('{$callback_url}/invoices/{$request.body.id}')
  for (const path of ['/invoices/7', '/events/invoices/7', '/a/b/invoices/7'])
    assert.deepEqual(match(path), { id: '7' }, path)
  assert.deepEqual(match('/invoices/a%2Fb'), { id: 'a%2Fb' })
  for (const path of [
    '/',
    '/7',
    '/invoices',
    '/invoices/',
    '/invoices/7/',
    '/invoices/7/8',
    '/Invoices/7',
    '/xinvoices/7',
  ])
    assert.equal(match(path), undefined, path)
})

test('text around a name counts, and a last slash', () => {
  const match = compileMatchPath('{$callback_url}/bill-{$request.body.id}-{$request.body.page}.pdf/')
  assert.deepEqual(match('/bill-7-2.pdf/'), { id: '7', page: '2' })
  for (const path of ['/bill--2.pdf/', '/bill-7.pdf/', '/bill-7-2.pdf', '/bill-7-.pdf/'])
    assert.equal(match(path), undefined)
})

test('a callback without a path takes any', () => {
  assert.deepEqual(compileMatchPath('{$callback_url}')('/any/thing'), {})
})

test('text is compared decoded', () => {
  assert.deepEqual(compileMatchPath('{$callback_url}/pay%20day')('/pay%20day'), {})
  assert.deepEqual(compileMatchPath('https://a.example/b/{$request.body.id}')('/b/1'), { id: '1' })
})
