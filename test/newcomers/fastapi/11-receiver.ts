import { createServer } from 'node:http'
import { type ReceiveOptions, receive, sqliteDedupe, toNodeHandler } from 'ringback/receiver'
import { orderDone } from './05-orders.ts'

/** What was done, each message once. */
export const done: string[] = []

/** The customer's side: a web handler that verifies, checks, and handles each message once. */
export const makeReceiver = (options: ReceiveOptions): ((request: Request) => Promise<Response>) =>
  receive(orderDone, options, async ({ body, path }) => {
    done.push(`${path.id}: ${body.status}, ${body.items}`)
    return { ok: true }
  })

if (import.meta.main) {
  const receiver = makeReceiver({
    keysUrl: 'http://127.0.0.1:8000/.well-known/jwks.json',
    // The callback_url of the orders.
    audience: 'http://127.0.0.1:9000/events',
    dedupe: sqliteDedupe({ path: 'received.sqlite' }),
  })
  createServer(toNodeHandler(receiver)).listen(9000)
}
