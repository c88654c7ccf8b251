import { secureHeaders } from 'hono/secure-headers'
import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  // What came without TLS is sent to the same URL with it.
  httpsRedirect: true,
  // The proxy ends TLS. It alone knows how the client came.
  trustedProxies: ['127.0.0.1', '::1'],
})

// Browsers remember for a year to come by TLS at once.
app.use(secureHeaders({ strictTransportSecurity: 'max-age=31536000' }))

app.get('/boats', { response: z.array(z.string()) }, async function listBoats() {
  return ['Amelie']
})

if (import.meta.main) await serve(app)
