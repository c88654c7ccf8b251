// The customer's side of 05-callback.ts: the receiver, in an application of Express.
//   KEYS_URL=http://localhost:8000/.well-known/jwks.json node 11-receiver.ts
import express from 'express'
import { callback, type ReceiveOptions, receive, sqliteDedupe, toNodeHandler } from 'ringback/receiver'
import { z } from 'zod'

// What the sender's document says of its callback.
const shipped = callback.post('{$callback_url}/orders/{$request.body.id}', {
  body: z.object({ order: z.string(), carrier: z.string() }),
})

export function shippedReceiver(options: ReceiveOptions, handle: (order: string, carrier: string) => void) {
  return receive(shipped, options, async ({ body, path }) => {
    handle(path.id, body.carrier)
  })
}

export function site(receiver: (request: Request) => Promise<Response>) {
  const site = express()
  // Before anything that reads bodies: the signature is over the bytes as they came.
  site.use('/events', toNodeHandler(receiver))
  site.use(express.json())
  return site
}

if (import.meta.main) {
  const options = {
    keysUrl: process.env['KEYS_URL'] ?? 'https://api.example/.well-known/jwks.json',
    audience: process.env['OWN_URL'] ?? 'http://localhost:9000/events',
    dedupe: sqliteDedupe({ path: 'received.sqlite' }),
  }
  const receiver = shippedReceiver(options, (order, carrier) => console.log(`${order} comes with ${carrier}`))
  site(receiver).listen(Number(process.env['PORT'] ?? 9_000))
}
