import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({
  title: 'Harbour',
  version: '2.1.0',
  summary: 'Berths and boats of Visby',
  description: `
Who lies **where**, and for how long.

Ask the [harbour office](https://harbour.example/office) for a token.
`,
  termsOfService: 'https://harbour.example/terms',
  contact: { name: 'Harbour office', url: 'https://harbour.example/office', email: 'office@harbour.example' },
  license: { name: 'MIT', identifier: 'MIT' },
  externalDocs: { description: 'Charts', url: 'https://charts.example' },
  servers: [
    { url: 'https://api.harbour.example', description: 'Production' },
    { url: 'http://localhost:8000', description: 'Your own machine' },
  ],
  tags: [{ name: 'boats', description: 'Who lies where', externalDocs: { url: 'https://harbour.example/boats' } }],
  // Where document and page are.
  docs: {
    openapi: '/api/openapi.json',
    swagger: '/help',
    swaggerOptions: { defaultModelsExpandDepth: 0, tryItOutEnabled: true },
  },
})

app.get('/boats', { tags: ['boats'], response: z.array(z.string()) }, async function listBoats() {
  return ['Amelie']
})

if (import.meta.main) await serve(app)
