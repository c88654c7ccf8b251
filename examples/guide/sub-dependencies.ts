import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const skippers = new Map([['s-1', { name: 'Ada', boats: ['Amelie'] }]])

const session = dependency({ cookies: z.object({ session: z.string().optional() }) }, ({ cookies, log }) => {
  log.info('The session is read')
  return cookies.session
})

// It needs the session, and gets it under this name.
const skipper = dependency({ dependencies: { session } }, ({ session }) => {
  const known = session === undefined ? undefined : skippers.get(session)
  if (known === undefined) throw new HttpError(401, 'Log in first')
  return known
})

// It needs both. The session is read once for a request, however many ask for it.
const ownBoat = dependency(
  { params: z.object({ name: z.string() }), dependencies: { session, skipper } },
  ({ params, skipper }) => {
    if (!skipper.boats.includes(params.name)) throw new HttpError(403, 'This is not your boat')
    return { name: params.name, owner: skipper.name }
  },
)

app.get(
  '/boats/{name}',
  { dependencies: { ownBoat }, response: z.object({ name: z.string(), owner: z.string() }) },
  async function readOwnBoat({ ownBoat }) {
    return ownBoat
  },
)

if (import.meta.main) await serve(app)
