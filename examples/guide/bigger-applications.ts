import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'
import { boats } from './bigger-applications/boats.ts'
import { piers } from './bigger-applications/piers.ts'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// For everything below /admin, whatever its routers know of it.
const admin = dependency({ headers: z.object({ 'x-admin': z.string().optional() }) }, ({ headers }) => {
  if (headers['x-admin'] !== 'yes') throw new HttpError(403, 'For the harbour office only')
})

app.include(boats, { prefix: '/v1' })
app.include(piers, { prefix: '/v1' })
// The same router in another place, with more around it.
app.include(boats, { prefix: '/admin', tags: ['admin'], dependencies: { admin }, documented: false })

if (import.meta.main) await serve(app)
