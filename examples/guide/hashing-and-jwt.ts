import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { errors, jwtVerify, SignJWT } from 'jose'
import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { oauth2, passwordForm } from 'ringback/security'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const MINUTES = 30
const ISSUER = 'https://login.harbour.example'

// From the environment, the same for all processes. Without it everybody logs in again after a start.
const key = Buffer.from(process.env['TOKEN_KEY'] ?? randomBytes(32).toString('base64'), 'base64')

const User = z.object({ name: z.string(), boats: z.array(z.string()) })
const users = new Map([['ada', { name: 'ada', boats: ['Amelie'], hash: await hash('a long sentence') }]])
// A name that does not exist takes as long as a wrong password.
const nobody = await hash(randomBytes(16).toString('hex'))

const signed = (name: string): Promise<string> =>
  new SignJWT({ sub: name })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(ISSUER)
    .setIssuedAt()
    .setExpirationTime(`${MINUTES} minutes`)
    .sign(key)

const token = oauth2({ flows: { password: { tokenUrl: 'token', scopes: {} } } })
const Token = z.object({ access_token: z.string(), token_type: z.literal('bearer'), expires_in: z.int() })

app.post('/token', { body: passwordForm(), response: Token }, async function logIn({ body, responseHeaders }) {
  const user = users.get(body.username)
  const fits = await verify(user?.hash ?? nobody, body.password)
  if (!fits || user === undefined) throw new HttpError(400, 'Wrong name or password', { error: 'invalid_grant' })
  responseHeaders.set('cache-control', 'no-store')
  return { access_token: await signed(user.name), token_type: 'bearer' as const, expires_in: MINUTES * 60 }
})

const refused = () =>
  new HttpError(401, 'The token is not good', { headers: { 'www-authenticate': 'Bearer error="invalid_token"' } })

// Signature, expiry and issuer are checked, and the algorithm is not the client's choice.
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
