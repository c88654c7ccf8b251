import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { errors, jwtVerify, SignJWT } from 'jose'
import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { oauth2, passwordForm } from 'ringback/security'
import { z } from 'zod'

export const app = new Ringback({ title: 'Login', version: '1.0.0' })

const ISSUER = 'https://login.example'
const MINUTES = 30
const key = new TextEncoder().encode(process.env['TOKEN_KEY'] ?? randomBytes(32).toString('hex'))

const User = z.object({ name: z.string(), email: z.string() })
const users = new Map([['ada', { name: 'ada', email: 'ada@example.com', hash: await hash('a long sentence') }]])
// A name that does not exist takes as long as a wrong password.
const nobody = await hash(randomBytes(16).toString('hex'))

const token = oauth2({ flows: { password: { tokenUrl: 'token', scopes: {} } } })
const Token = z.object({ access_token: z.string(), token_type: z.literal('bearer'), expires_in: z.int() })

const refused = () =>
  new HttpError(401, 'The token is not good', { headers: { 'www-authenticate': 'Bearer error="invalid_token"' } })

app.post('/token', { body: passwordForm(), response: Token }, async function logIn({ body, responseHeaders }) {
  const user = users.get(body.username)
  const fits = await verify(user?.hash ?? nobody, body.password)
  if (!fits || user === undefined) throw new HttpError(400, 'Wrong name or password', { error: 'invalid_grant' })
  responseHeaders.set('cache-control', 'no-store')
  const access_token = await new SignJWT({ sub: user.name })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(ISSUER)
    .setIssuedAt()
    .setExpirationTime(`${MINUTES} minutes`)
    .sign(key)
  return { access_token, token_type: 'bearer' as const, expires_in: MINUTES * 60 }
})

const user = dependency({ dependencies: { token } }, async ({ token }) => {
  const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], issuer: ISSUER }).catch(error => {
    throw error instanceof errors.JOSEError ? refused() : error
  })
  const known = users.get(payload.sub ?? '')
  if (known === undefined) throw refused()
  return known
})

app.get('/me', { dependencies: { user }, response: User }, async function readMe({ user }) {
  return user
})

if (import.meta.main) await serve(app)
