// Sends two requests to a server on this machine: as Node does, and as callbacks are sent. Prints the results.
import { request } from 'node:https'
import { createDestinationPolicy } from '../../src/lib/destination/policy.ts'
import { createGuardedTransport } from '../../src/lib/destination/transport/guarded-transport.ts'

const url = new URL(process.argv[2] ?? '')
const careless = await new Promise((resolve, reject) => {
  request({ host: '127.0.0.2', port: url.port, servername: url.hostname }, response => {
    response.resume()
    resolve(response.statusCode)
  })
    .on('error', reject)
    .end()
})
const policy = createDestinationPolicy({ allow: ['127.0.0.2'], resolver: async () => ['127.0.0.2'] })
const transport = createGuardedTransport({ policy })
const sent = { method: 'POST', url: url.href, headers: {}, body: undefined }
const guarded = await transport.send(sent, { timeoutMs: 10_000, responseLimitBytes: 1_024 }).then(
  ({ status }) => status,
  (error: { reason?: string }) => error.reason ?? error,
)
console.log(`careless ${careless}, guarded ${guarded}`)
await transport.close()
process.exit()
