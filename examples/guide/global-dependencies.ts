import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

const clientVersion = dependency({ headers: z.object({ 'x-client': z.string().default('0.0') }) }, ({ headers }) => {
  if (headers['x-client'].startsWith('0.')) throw new HttpError(426, 'Update your client')
  return headers['x-client']
})

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  // Every operation has it, and every handler of the application sees it.
  dependencies: { clientVersion },
})

app.get('/boats', { response: z.array(z.string()) }, async function listBoats() {
  return ['Amelie']
})

app.get('/about', { response: z.string() }, async function readAbout({ clientVersion }) {
  return `Your client is ${clientVersion}`
})

if (import.meta.main) await serve(app)
