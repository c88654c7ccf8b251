import { createServer } from 'node:http'
import { receive, sqliteDedupe, toNodeHandler } from 'ringback/receiver'
import { invoiceCallbacks } from './invoices.ts'

/** Receives what examples/invoices.ts sends. The definition is the sender's own, so both halves are checked against it. */
export const createReceiver = (sender: string, audience: string, path: string) =>
  receive(
    invoiceCallbacks.invoiceNotification,
    { keysUrl: `${sender}/.well-known/jwks.json`, audience, dedupe: sqliteDedupe({ path }) },
    async ({ body, path: { id } }) => {
      console.log(`Invoice ${id}: ${body.description}, ${body.paid ? 'paid' : 'not paid'}`)
      return { ok: true }
    },
  )

if (import.meta.main) {
  const receiver = createReceiver('http://127.0.0.1:8000', 'http://127.0.0.1:9000/events', '.ringback/received.sqlite')
  createServer(toNodeHandler(receiver)).listen(9000, '127.0.0.1')
}
