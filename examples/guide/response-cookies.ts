import { dependency, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

app.post('/login', { status: 204 }, async function logIn({ setCookie }) {
  setCookie('session', {
    value: 'a long random text',
    maxAgeSeconds: 3_600,
    secure: true,
    sameSite: 'strict',
  })
})

// By `respond`, together with a body.
app.put('/theme/{theme}', { response: z.string() }, async function changeTheme({ params, respond }) {
  return respond(200, params.theme, { cookies: { theme: { value: params.theme, httpOnly: false } } })
})

// To remove one is to let it end at once.
app.post('/logout', { status: 204 }, async function logOut({ setCookie }) {
  setCookie('session', { value: '', maxAgeSeconds: 0 })
})

// A dependency may set one, too.
const seen = dependency({ cookies: z.object({ seen: z.string().optional() }) }, ({ cookies, setCookie }) => {
  if (cookies.seen === undefined) setCookie('seen', 'yes')
  return cookies.seen !== undefined
})

app.get('/welcome', { dependencies: { seen }, response: z.string() }, async function welcome({ seen }) {
  return seen ? 'Welcome back' : 'Welcome'
})

if (import.meta.main) await serve(app)
