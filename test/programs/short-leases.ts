// A program with the default store, in the file that the environment names.
import { serve } from 'ringback/node'
import { shortLeaseApp } from './short-lease-app.ts'

const server = await serve(shortLeaseApp(), { port: 0, host: '127.0.0.1', allowLoopback: true })
process.send?.({ url: server.url })
