import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { oauth2, passwordForm } from 'ringback/security'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const User = z.object({ name: z.string(), email: z.email() })
type Account = z.output<typeof User> & { readonly salt: Buffer; readonly hash: Buffer; readonly disabled: boolean }

const hashOf = promisify<string, Buffer, number, Buffer>(scrypt)
const accountOf = async (name: string, password: string, disabled = false): Promise<Account> => {
  const salt = randomBytes(16)
  return { name, email: `${name}@harbour.example`, salt, hash: await hashOf(password, salt, 32), disabled }
}

const accounts = new Map<string, Account>([
  ['ada', await accountOf('ada', 'a long sentence')],
  ['bob', await accountOf('bob', 'another sentence', true)],
])
// A name that does not exist must take as long as a wrong password.
const nobody = await accountOf('nobody', randomBytes(16).toString('hex'))

// Whoever reads this table cannot use what stands there.
const tokens = new Map<string, string>()
const digest = (token: string): string => createHash('sha256').update(token).digest('hex')

// A path of this application. *Authorize* on /docs asks there.
const token = oauth2({ flows: { password: { tokenUrl: 'token', scopes: {} } } })

const Token = z.object({ access_token: z.string(), token_type: z.literal('bearer') })

app.post('/token', { body: passwordForm(), response: Token }, async function logIn({ body, responseHeaders }) {
  const account = accounts.get(body.username) ?? nobody
  const fits = timingSafeEqual(await hashOf(body.password, account.salt, 32), account.hash)
  if (!fits || account === nobody) throw new HttpError(400, 'Wrong name or password', { error: 'invalid_grant' })
  const access_token = randomBytes(32).toString('base64url')
  tokens.set(digest(access_token), account.name)
  responseHeaders.set('cache-control', 'no-store')
  return { access_token, token_type: 'bearer' as const }
})

const user = dependency({ dependencies: { token } }, ({ token }) => {
  const account = accounts.get(tokens.get(digest(token)) ?? '')
  if (account === undefined) throw new HttpError(401, 'Unknown token', { headers: { 'www-authenticate': 'Bearer' } })
  if (account.disabled) throw new HttpError(403, 'This account is closed')
  return account
})

app.get('/me', { dependencies: { user }, response: User }, async function readMe({ user }) {
  return user
})

if (import.meta.main) await serve(app)
