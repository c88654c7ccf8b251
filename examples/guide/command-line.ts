import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

// The command line finds it by this name, or as the default export.
export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

app.get('/boats', { response: z.array(z.string()) }, async function listBoats() {
  return ['Amelie']
})

// The command line serves the application itself. This is for `node command-line.ts`.
if (import.meta.main) await serve(app)
