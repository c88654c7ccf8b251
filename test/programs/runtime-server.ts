import { serve } from 'ringback/node'
import { app, seenByFetch } from './runtime-app.ts'

/** Prints what `app.fetch` responds and serves the application, on Node, Bun or Deno. */
console.log(JSON.stringify(await seenByFetch()))
await serve(app, { port: 0, host: '127.0.0.1', allowLoopback: true })
