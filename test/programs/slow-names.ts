// Finds receiver.test at once where NAMES_KNOWN is set, else when it is told to: sends "resolving" for each look-up, and
// answers all after a message.
import { once } from 'node:events'
import { serve } from 'ringback/node'
import { shortLeaseApp } from './short-lease-app.ts'

const told = once(process, 'message')

async function resolver(): Promise<string[]> {
  if (process.env['NAMES_KNOWN'] !== undefined) return ['127.0.0.1']
  process.send?.('resolving')
  await told
  return ['127.0.0.1']
}

const app = shortLeaseApp({ destinations: { allow: ['receiver.test'], resolver } })
const server = await serve(app, { port: 0, host: '127.0.0.1', allowLoopback: true })
process.send?.({ url: server.url })
