import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { functionName, identifierOf } from './identifier.ts'

test('identifierOf keeps identifiers and joins the words of any other name', () => {
  const cases = [
    ['createInvoice', 'createInvoice'],
    ['create_invoice$2', 'create_invoice$2'],
    ['größe', 'größe'],
    ['list all items', 'listAllItems'],
    ['a/b', 'aB'],
    ['[sym]', 'sym'],
    ['  my-event.sent ', 'myEventSent'],
    ['default', ''],
    ['delete', ''],
    ['2nd', ''],
    ['!!', ''],
    ['', ''],
  ] as const
  for (const [name, wanted] of cases) assert.equal(identifierOf(name), wanted, name)
})

test('identifierOf gives an identifier or nothing for any name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), name => {
      const made = identifierOf(name)
      if (made !== '') assert.doesNotThrow(() => new Function(`let ${made}`), made)
    }),
  )
})

test('functionName removes what JavaScript puts before a name', () => {
  function create() {}
  const bound = create.bind(null).bind(null)
  assert.equal(functionName(bound.name), 'create')
  for (const name of ['#list', 'get list', 'set list', 'bound #list', 'list']) assert.equal(functionName(name), 'list')
})
