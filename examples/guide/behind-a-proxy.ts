import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  // The proxy serves the application below /api, and takes that away before it asks us.
  basePath: '/api',
  // What these addresses forward is believed.
  trustedProxies: ['127.0.0.1', '::1', '10.0.0.0/8'],
})

const Seen = z.object({ url: z.string(), address: z.string().optional() })

app.get('/seen', { response: Seen }, async function readSeen({ request, clientAddress }) {
  return { url: request.url, address: clientAddress }
})

app.get('/boats/', { response: z.array(z.string()) }, async function listBoats() {
  return ['Amelie']
})

if (import.meta.main) await serve(app)
