import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { callback, receive, sqliteDedupe, toNodeHandler } from 'ringback/receiver'
import { z } from 'zod'

// One of several processes that share a dedupe. Its clock may be ahead, so that nobody has to wait for a lease.
const { RECEIVER_SECRET = '', RECEIVED_PATH = '', AHEAD_MS = '0' } = process.env
const now = () => Date.now() + Number(AHEAD_MS)
const dedupe = sqliteDedupe({ path: RECEIVED_PATH, clock: { now, setTimer: () => () => {} } })
const paid = callback.post('{$callback_url}', {
  body: z.object({ hangs: z.boolean() }),
  response: z.object({ pid: z.number(), run: z.number() }),
})
let run = 0
const handler = receive(paid, { secrets: [RECEIVER_SECRET], dedupe }, async ({ body }) => {
  run++
  if (body.hangs && AHEAD_MS === '0') {
    process.send?.('hangs')
    await new Promise(() => {})
  }
  return { pid: process.pid, run }
})

const server = createServer(toNodeHandler(handler)).listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
})
process.once('SIGTERM', () => process.exit(0))
