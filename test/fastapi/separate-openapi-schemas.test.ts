// FastAPI, how-to/separate-openapi-schemas.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { Ringback } from 'ringback'
import { z } from 'zod'
import { assertValid } from '../support/check-document.ts'

it('describes a model with a default once for each direction, and any other once', async () => {
  const Item = z.object({ name: z.string(), description: z.string().nullable().default(null) }).meta({ id: 'Item' })
  const Plain = z.object({ name: z.string(), description: z.string().nullish() }).meta({ id: 'Plain' })
  const app = new Ringback({ title: 'Items', version: '1.0.0' })
  app.post('/items/', { body: Item, response: Item }, ({ body }) => body)
  app.get('/items/', { response: z.array(Item) }, () => [
    { name: 'Portal Gun', description: 'Device' },
    { name: 'Plumbus' },
  ])
  app.put('/plain/', { body: Plain, response: Plain }, ({ body }) => body)
  const document = app.openapi()
  await assertValid(document)
  const schemas = document.components!.schemas as Record<string, { required?: string[] }>
  assert.deepEqual(schemas['Item']!.required, ['name'])
  assert.deepEqual(schemas['ItemOutput']!.required, ['name', 'description'])
  assert.deepEqual(
    Object.keys(schemas).filter(name => name.startsWith('Plain')),
    ['Plain'],
  )
})
