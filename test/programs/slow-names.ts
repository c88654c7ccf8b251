// Time passes here as the test says: this process's clock is AHEAD_MS ahead from when the file AHEAD_FILE is there, even if
// the process stood still at that moment. A look-up of receiver.test sends "resolving" and ends with the first message;
// where the file is there at the start, it ends at once.
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { serve } from 'ringback/node'
import { shortLeaseApp } from './short-lease-app.ts'

const aheadMs = Number(process.env['AHEAD_MS'])
const aheadFile = process.env['AHEAD_FILE'] ?? ''
const startsAhead = existsSync(aheadFile)
const systemTime = Date.now
Date.now = () => systemTime() + (existsSync(aheadFile) ? aheadMs : 0)
const told = startsAhead ? Promise.resolve() : once(process, 'message')

async function resolver(): Promise<string[]> {
  if (!startsAhead) process.send?.('resolving')
  await told
  return ['127.0.0.1']
}

const app = shortLeaseApp({ destinations: { allow: ['receiver.test'], resolver } })
const server = await serve(app, { port: 0, host: '127.0.0.1', allowLoopback: true })
process.send?.({ url: server.url })
