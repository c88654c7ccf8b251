import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import type { OpenApiDocument } from 'ringback/openapi'
import { z } from 'zod'

/** Adds what OpenAPI has no place for elsewhere. */
function withLogo(document: OpenApiDocument): OpenApiDocument {
  const info = { ...document.info, 'x-logo': { url: 'https://harbour.example/logo.svg' } }
  return { ...document, info }
}

export const app = new Ringback({ title: 'Harbour', version: '1.0.0', extendDocument: withLogo })

app.get('/boats', { response: z.array(z.string()) }, async function listBoats() {
  return ['Amelie']
})

if (import.meta.main) await serve(app)
