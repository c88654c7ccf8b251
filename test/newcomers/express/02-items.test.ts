import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from 'ringback/testing'
import { app } from './02-items.ts'

test('20 items by default, and a filter given twice', async () => {
  await using client = await testClient(app)
  assert.equal((await (await client.get('/items')).json()).length, 20)
  const some = await (await client.get('/items?limit=4&tag=sea&tag=quiet')).json()
  assert.deepEqual(
    some.map(({ id }: { id: number }) => id),
    [0, 1, 3, 4],
  )
})

test('wrong values are told all at once', async () => {
  await using client = await testClient(app)
  const response = await client.get('/items?limit=101&tag=sea&tag=wet')
  assert.equal(response.status, 422)
  // The whole of it, as the client sees it.
  assert.deepEqual(await response.json(), {
    type: 'about:blank',
    title: 'Unprocessable Entity',
    status: 422,
    detail: 'The request does not fit the operation: see "errors"',
    errors: [
      { in: 'query', pointer: '#/limit', code: 'maximum', detail: 'Too big: expected number to be <=100' },
      {
        in: 'query',
        pointer: '#/tag/1',
        code: 'enum',
        detail: 'Invalid option: expected one of "sea"|"quiet"|"loud"',
      },
    ],
  })
})
