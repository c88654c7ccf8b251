// Time passes here as the test says: this process's clock is AHEAD_MS ahead from the first message on, which also ends
// every look-up of receiver.test. Before, it sends "resolving" for each. With STARTS_AHEAD=yes it begins in that state.
import { once } from 'node:events'
import { serve } from 'ringback/node'
import { shortLeaseApp } from './short-lease-app.ts'

const aheadMs = Number(process.env['AHEAD_MS'])
const startsAhead = process.env['STARTS_AHEAD'] !== undefined
const systemTime = Date.now
const told = startsAhead ? Promise.resolve() : once(process, 'message')
const ahead = told.then(() => {
  Date.now = () => systemTime() + aheadMs
})
if (startsAhead) await ahead

async function resolver(): Promise<string[]> {
  if (!startsAhead) process.send?.('resolving')
  await ahead
  return ['127.0.0.1']
}

const app = shortLeaseApp({ destinations: { allow: ['receiver.test'], resolver } })
const server = await serve(app, { port: 0, host: '127.0.0.1', allowLoopback: true })
process.send?.({ url: server.url })
