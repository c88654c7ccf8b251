// A program with a store that gives up waiting for a lock after half a second.
import { serve } from 'ringback/node'
import { sqliteStore } from 'ringback/sqlite'
import { shortLeaseApp } from './short-lease-app.ts'

const store = sqliteStore({ path: process.env['TEST_STORE'] ?? '', waitLimitMs: 500 })
const server = await serve(shortLeaseApp({ store }), { port: 0, host: '127.0.0.1', allowLoopback: true })
process.send?.({ url: server.url })
