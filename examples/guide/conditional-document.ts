import { Ringback, Router } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

const isPublic = process.env['HARBOUR_DOCS'] !== 'off'

// In production, perhaps neither document nor page.
export const app = new Ringback({ title: 'Harbour', version: '1.0.0', ...(!isPublic && { docs: false }) })

app.get('/boats', { response: z.array(z.string()) }, async function listBoats() {
  return ['Amelie']
})

// Operations that only we use are in no document.
const internal = new Router({ prefix: '/internal' })

internal.get('/health', { response: z.string() }, async function readHealth() {
  return 'well'
})

app.include(internal, { documented: false })

// The whole document, for whoever runs the program.
app.get('/internal/document', { documented: false }, async function readDocument() {
  return Response.json({ paths: Object.keys(app.openapi().paths ?? {}) })
})

if (import.meta.main) await serve(app)
