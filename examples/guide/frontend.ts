import { Ringback, Router } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const api = new Router({ prefix: '/api' })
api.get('/boats', { response: z.array(z.string()) }, async function listBoats() {
  return ['Amelie', 'Bruno']
})
app.include(api)

// What the build of the frontend has made. Names with a hash never change their content.
const built = new URL('./frontend/', import.meta.url)
app.static('/assets', new URL('assets/', built), { cacheControl: 'public, max-age=31536000, immutable' })

// Every page that does not exist is the application's own page: its script reads the path.
app.static('/', built, { fallback: 'index.html' })

if (import.meta.main) await serve(app)
