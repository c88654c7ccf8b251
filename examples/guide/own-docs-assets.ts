import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  docs: {
    // Whatever Swagger UI takes.
    swaggerOptions: { docExpansion: 'none', filter: true, persistAuthorization: true },
  },
})

app.get('/boats', { tags: ['boats'], response: z.array(z.string()) }, async function listBoats() {
  return ['Amelie']
})

if (import.meta.main) await serve(app)
