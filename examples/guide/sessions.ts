import { randomBytes } from 'node:crypto'
import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { required, sessionCookie } from 'ringback/security'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// The cookie holds this, sealed: a browser can neither read nor change it.
const Session = z.object({ skipper: z.string(), basket: z.array(z.string()) })

const session = sessionCookie(Session, {
  // From the environment, the same for all processes. A secret of this process only ends all sessions with it.
  secret: process.env['SESSION_SECRET'] ?? randomBytes(32).toString('base64'),
  maxAgeSeconds: 7 * 86_400,
})

// In a real application this looks a hash up: see the page on passwords.
const mayEnter = (skipper: string, code: string): boolean => skipper === 'ada' && code === '1234'

app.post(
  '/login',
  { body: z.object({ skipper: z.string(), code: z.string() }), dependencies: { session }, status: 204 },
  async function logIn({ body, session }) {
    if (!mayEnter(body.skipper, body.code)) throw new HttpError(403, 'That is not right')
    session.set({ skipper: body.skipper, basket: [] })
  },
)

// `required` responds with a 401 where there is no session, and gives its value where there is one.
app.get('/me', { dependencies: { me: required(session) }, response: Session }, async function readMe({ me }) {
  return me
})

// Whoever needs it without knowing of cookies.
const skipper = dependency({ dependencies: { me: required(session) } }, ({ me }) => me.skipper)

app.post(
  '/basket/{item}',
  { dependencies: { me: required(session), session, skipper }, response: z.string() },
  async function addToBasket({ params, me, session, skipper }) {
    session.set({ ...me, basket: [...me.basket, params.item] })
    return `${skipper} has ${me.basket.length + 1}`
  },
)

app.post('/logout', { dependencies: { session }, status: 204 }, async function logOut({ session }) {
  session.clear()
})

if (import.meta.main) await serve(app)
