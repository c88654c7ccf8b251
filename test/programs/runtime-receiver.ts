import { callback, memoryDedupe, receive } from 'ringback/receiver'
import { z } from 'zod'

// The web server of the runtime itself.
const secrets = [process.env['RECEIVER_SECRET'] ?? '']
const paid = callback.post('{$callback_url}/invoices/{$request.body.id}', {
  body: z.object({ paid: z.boolean() }),
  response: z.object({ ok: z.boolean(), id: z.string() }),
})
let count = 0
const handler = receive(paid, { secrets, dedupe: memoryDedupe() }, async ({ path }) => ({
  ok: ++count === 1,
  id: path.id,
}))

interface Runtimes {
  readonly Bun?: { serve(options: object): { readonly port: number; stop(): unknown } }
  readonly Deno?: {
    serve(options: object, handler: unknown): { readonly addr: { readonly port: number }; shutdown(): unknown }
  }
}
const { Bun, Deno } = globalThis as Runtimes
const bun = Bun?.serve({ port: 0, hostname: '127.0.0.1', fetch: handler })
const deno = Deno?.serve({ port: 0, hostname: '127.0.0.1', onListen() {} }, handler)
console.log(`Receiving at http://127.0.0.1:${bun?.port ?? deno?.addr.port}`)
process.once('SIGTERM', () => process.exit(0))
