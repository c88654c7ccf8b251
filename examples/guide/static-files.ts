import { HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// The files of a folder beside this program.
app.static('/charts', new URL('./static-files/', import.meta.url), { cacheControl: 'public, max-age=3600' })

// Middleware of the path runs before.
app.use('/charts/secret/*', async (context, next) => {
  if (context.req.header('x-key') !== 'a key of the office') throw new HttpError(403, 'The office only')
  await next()
})

// An operation wins against a file.
app.get('/charts/newest', { response: z.string() }, async function readNewest() {
  return '/charts/visby.svg'
})

if (import.meta.main) await serve(app)
