// Log in with a form, then "who am I" with the token.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { errors, jwtVerify, SignJWT } from 'jose'
import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { oauth2, passwordForm } from 'ringback/security'
import { z } from 'zod'

const hashOf: (password: string, salt: Buffer, length: number) => Promise<Buffer> = promisify(scrypt)
const ISSUER = 'https://api.example'
const key = new TextEncoder().encode(process.env['TOKEN_KEY'] ?? randomBytes(32).toString('hex'))

const salt = randomBytes(16)
const users = new Map([['ada', { name: 'ada', hash: await hashOf('a long sentence', salt, 32) }]])
const nobody = randomBytes(32)

const Token = z.object({ access_token: z.string(), token_type: z.literal('bearer'), expires_in: z.int() })
const User = z.object({ name: z.string() })

const token = oauth2({ flows: { password: { tokenUrl: 'token', scopes: {} } } })

function refused(): HttpError {
  return new HttpError(401, 'The token is not good', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  })
}

const user = dependency({ dependencies: { token } }, async ({ token }) => {
  const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], issuer: ISSUER }).catch(error => {
    throw error instanceof errors.JOSEError ? refused() : error
  })
  const known = users.get(payload.sub ?? '')
  if (known === undefined) throw refused()
  return known
})

export const app = new Ringback({ title: 'Tokens', version: '1.0.0' })

app.post('/token', { body: passwordForm(), response: Token }, async function logIn({ body, responseHeaders }) {
  const known = users.get(body.username)
  const fits = timingSafeEqual(await hashOf(body.password, salt, 32), known?.hash ?? nobody)
  if (!fits || known === undefined) throw new HttpError(400, 'Wrong name or password', { error: 'invalid_grant' })
  const access_token = await new SignJWT({ sub: known.name })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(ISSUER)
    .setIssuedAt()
    .setExpirationTime('30 minutes')
    .sign(key)
  responseHeaders.set('cache-control', 'no-store')
  return { access_token, token_type: 'bearer' as const, expires_in: 1_800 }
})

app.get('/me', { dependencies: { user }, response: User }, async function readMe({ user }) {
  return user
})

if (import.meta.main) await serve(app)
