import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from 'ringback/testing'
import { app } from './02-list.ts'

test('Twenty items by default', async () => {
  await using client = await testClient(app)
  const items = await (await client.get('/items')).json()
  assert.equal(items.length, 20)
  assert.deepEqual(items[0], { name: 'item 0', colour: 'red' })
})

test('A filter is given several times', async () => {
  await using client = await testClient(app)
  const items = await (await client.get('/items', { query: { limit: 4, colour: ['red', 'blue'] } })).json()
  assert.deepEqual(
    items.map(({ colour }: { colour: string }) => colour),
    ['red', 'blue', 'red', 'blue'],
  )
  assert.equal((await (await client.get('/items?colour=green')).json())[0].colour, 'green')
})

test('Wrong values get a 422 with each mistake', async () => {
  await using client = await testClient(app)
  const response = await client.get('/items?limit=101&colour=red&colour=pink')
  assert.equal(response.status, 422)
  const problem = await response.json()
  assert.deepEqual(problem, {
    type: 'about:blank',
    title: 'Unprocessable Entity',
    status: 422,
    detail: 'The request does not fit the operation: see "errors"',
    errors: [
      {
        in: 'query',
        pointer: '#/colour/1',
        code: 'enum',
        detail: 'Invalid option: expected one of "red"|"green"|"blue"',
      },
      { in: 'query', pointer: '#/limit', code: 'maximum', detail: 'Too big: expected number to be <=100' },
    ],
  })
  assert.equal((await client.get('/items?limit=0')).status, 422)
  assert.equal((await client.get('/items?limit=ten')).status, 422)
})
