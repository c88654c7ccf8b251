// FastAPI, tutorial/response-model: what a response leaves out.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Ringback, redirect } from 'ringback'
import { testClient } from 'ringback/testing'
import { z } from 'zod'

const UserOut = z
  .object({ username: z.string(), email: z.email(), full_name: z.string().nullish() })
  .meta({ id: 'UserOut' })
const UserIn = UserOut.extend({ password: z.string() }).meta({ id: 'UserIn' })

it('returns a user without its password', async () => {
  const app = new Ringback({ title: 'Users', version: '1.0.0' })
  app.post('/user/', { body: UserIn, response: UserOut }, ({ body }) => body)
  await using client = await testClient(app)
  const user = { username: 'johndoe', password: 'secret', email: 'john@example.com', full_name: 'John Doe' }
  const { password: _, ...expected } = user
  assert.deepEqual(await (await client.post('/user/', { json: user })).json(), expected)
})

it('leaves out what was not set, or what another model does not have', async () => {
  const Item = z.object({
    name: z.string(),
    description: z.string().nullish(),
    price: z.number(),
    tax: z.number().optional(),
    tags: z.array(z.string()).optional(),
  })
  const items: Record<string, z.input<typeof Item>> = {
    foo: { name: 'Foo', price: 50.2 },
    bar: { name: 'Bar', description: 'The bartenders', price: 62, tax: 20.2 },
    baz: { name: 'Baz', description: null, price: 50.2, tax: 10.5, tags: [] },
  }
  const app = new Ringback({ title: 'Items', version: '1.0.0' })
  app.get('/items/{item_id}', { response: Item }, ({ params }) => items[params.item_id]!)
  app.get(
    '/items/{item_id}/name',
    { response: Item.pick({ name: true, description: true }) },
    ({ params }) => items[params.item_id]!,
  )
  app.get('/items/{item_id}/public', { response: Item.omit({ tax: true }) }, ({ params }) => items[params.item_id]!)
  await using client = await testClient(app)
  const json = async (path: string): Promise<unknown> => (await client.get(path)).json()
  for (const name of ['foo', 'bar', 'baz']) assert.deepEqual(await json(`/items/${name}`), items[name])
  assert.deepEqual(await json('/items/bar/name'), { name: 'Bar', description: 'The bartenders' })
  assert.deepEqual(await json('/items/bar/public'), { name: 'Bar', description: 'The bartenders', price: 62 })
})

it('returns a redirect or a value from one operation', async () => {
  const app = new Ringback({ title: 'Portal', version: '1.0.0' })
  app.get(
    '/portal',
    {
      query: z.object({ teleport: z.boolean().default(false) }),
      response: z.object({ message: z.string() }),
      responses: { 307: {} },
    },
    ({ query }) => {
      if (query.teleport) return redirect('https://www.youtube.com/watch?v=dQw4w9WgXcQ')
      return { message: "Here's your interdimensional portal." }
    },
  )
  await using client = await testClient(app)
  const gone = await client.get('/portal?teleport=true')
  assert.deepEqual([gone.status, gone.headers.get('location')], [307, 'https://www.youtube.com/watch?v=dQw4w9WgXcQ'])
  assert.deepEqual(await (await client.get('/portal')).json(), { message: "Here's your interdimensional portal." })
})
