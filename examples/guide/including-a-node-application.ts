import express from 'express'
import { Ringback } from 'ringback'
import { fromNodeHandler, serve } from 'ringback/node'
import { z } from 'zod'

// What has been there for years.
const old = express()
old.use(express.json())
old.get('/boats/:name', (request, response) => {
  response.json({ name: request.params.name, address: request.ip })
})
old.post('/boats', (request, response) => {
  response.status(201).json({ added: request.body.name })
})

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// What is new has a schema, a document and callbacks. It wins where both have the same path.
app.get('/v1/piers', { response: z.array(z.string()) }, async function listPiers() {
  return ['north', 'south']
})

app.mount('/v1', fromNodeHandler(old))

if (import.meta.main) await serve(app)
