// An application with a store in a thread that can be made to hang.
import { z } from 'zod'
import { Ringback } from '../../src/lib/app/ringback.ts'
import { serve } from '../../src/lib/node/serve.ts'
import { callback } from '../../src/lib/operation/callback-definition.ts'
import { threadStore } from '../../src/lib/store/sqlite/thread/thread-store.ts'
import { hangingThread } from '../support/hanging-disk.ts'

const waitLimitMs = Number(process.env['WAIT_LIMIT_MS'])
const store = threadStore(process.env['TEST_STORE'] ?? '', { waitLimitMs }, hangingThread)
// No worker: its claim would hang instead of the test's own call.
const delivery = { store, worker: false, signing: { masterSecret: 'm'.repeat(32) } }
const app = new Ringback({ title: 'Hanging', version: '1.0.0', delivery })
const done = callback.post('{$callback_url}', {})
app.post('/x', { query: z.object({ callback_url: z.url() }), callbacks: { done } }, async ({ callbacks }) => {
  await callbacks.done.send()
})
const server = await serve(app, { port: 0, host: '127.0.0.1', graceMs: Number(process.env['GRACE_MS']) })
process.send?.({ url: server.url })
