import { hash, verify } from '@node-rs/argon2'
import { errors, jwtVerify, SignJWT } from 'jose'
import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { oauth2, passwordForm, scopes } from 'ringback/security'
import { z } from 'zod'

/** Only this process knows it: with another start everybody logs in again. Take yours from the environment. */
const key = crypto.getRandomValues(new Uint8Array(32))
const MINUTES = 30

const User = z.object({
  username: z.string(),
  full_name: z.string(),
  email: z.string(),
  disabled: z.boolean(),
})
type Account = z.infer<typeof User> & { readonly hashedPassword: string }

const users = new Map<string, Account>()
for (const [username, full_name, disabled] of [
  ['johndoe', 'John Doe', false],
  ['alice', 'Alice Chains', true],
] as const) {
  const hashedPassword = await hash(username === 'alice' ? 'secretalice' : 'secret')
  users.set(username, { username, full_name, email: `${username}@example.com`, disabled, hashedPassword })
}
/** Who does not exist costs as much as who does. */
const nobody = await hash('nobody has this password')

export const createAccessToken = (claims: Readonly<Record<string, string>>): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime(`${MINUTES} minutes`).sign(key)

const token = oauth2({
  flows: {
    password: {
      tokenUrl: 'token',
      scopes: { me: 'Read information about the current user.', items: 'Read items.' },
    },
  },
})

const invalid = () =>
  new HttpError(401, 'Could not validate credentials', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  })

/** Whose token it is, and what it was given for. */
const account = dependency({ dependencies: { token } }, async ({ token }) => {
  const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'] }).catch(error => {
    throw error instanceof errors.JOSEError ? invalid() : error
  })
  const user = users.get(payload.sub ?? '')
  if (user === undefined) throw invalid()
  return { user, scopes: String(payload['scope'] ?? '') }
})

/** Those only who are still active. */
const active = dependency({ dependencies: { account } }, ({ account }) => {
  if (account.user.disabled) throw new HttpError(400, 'Inactive user')
  return account
})
const me = scopes(active, ['me'])
const reader = scopes(active, ['me', 'items'])

export const app = new Ringback({ title: 'Login', version: '1.0.0' })

const Token = z.object({ access_token: z.string(), token_type: z.literal('bearer') })

app.post('/token', { body: passwordForm(), response: Token }, async function login({ body, responseHeaders }) {
  const user = users.get(body.username)
  if (!(await verify(user?.hashedPassword ?? nobody, body.password)) || user === undefined)
    throw new HttpError(400, 'Incorrect username or password', { error: 'invalid_grant' })
  responseHeaders.set('cache-control', 'no-store')
  const access_token = await createAccessToken({ sub: user.username, scope: body.scopes.join(' ') })
  return { access_token, token_type: 'bearer' as const }
})

app.get('/users/me/', { dependencies: { me }, response: User }, async function readMe({ me }) {
  return me.user
})

const Items = z.array(z.object({ item_id: z.string(), owner: z.string() }))
app.get('/users/me/items/', { dependencies: { reader }, response: Items }, async function readItems({ reader }) {
  return [{ item_id: 'Foo', owner: reader.user.username }]
})

app.get('/status/', { dependencies: { account }, response: z.object({ status: z.string() }) }, async function status() {
  return { status: 'ok' }
})

if (import.meta.main) await serve(app)
