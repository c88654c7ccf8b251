import express from 'express'
import { Ringback } from 'ringback'
import { toNodeHandler } from 'ringback/node'
import { z } from 'zod'

// `basePath` is where clients find it.
export const app = new Ringback({ title: 'Harbour', version: '1.0.0', basePath: '/api' })

const Boat = z.object({ name: z.string().min(1), length: z.number().gt(0) })

app.post('/boats', { body: Boat, status: 201, response: Boat }, async function addBoat({ body }) {
  return body
})

export const handler = toNodeHandler(app)

export const site = express()

// Before anything that reads bodies.
site.use('/api', handler)
site.use(express.json())
site.get('/', (_request, response) => {
  response.send('The harbour of Visby')
})

if (import.meta.main) {
  // Deliveries that wait from before go out at once, and what cannot start ends the program.
  await handler.start()
  const server = site.listen(8000)
  server.on('upgrade', handler.upgrade)
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close())
}
