import { createHash } from 'node:crypto'
import { dependency, HttpError, Ringback, Router } from 'ringback'
import { serve } from 'ringback/node'
import { httpBearer, optional } from 'ringback/security'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const User = z.object({ name: z.string(), boats: z.array(z.string()) }).meta({ id: 'User' })
type User = z.output<typeof User> & { readonly disabled: boolean }

// Keep hashes of tokens, as you keep hashes of passwords.
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')
const users = new Map<string, User>([
  [hashOf('a-token-of-ada'), { name: 'Ada', boats: ['Amelie'], disabled: false }],
  [hashOf('a-token-of-bob'), { name: 'Bob', boats: [], disabled: true }],
])

const bearer = httpBearer()

const currentUser = dependency({ dependencies: { token: bearer } }, ({ token }) => {
  const user = users.get(hashOf(token))
  if (user === undefined) throw new HttpError(401, 'Unknown token', { headers: { 'www-authenticate': 'Bearer' } })
  return user
})

const activeUser = dependency({ dependencies: { user: currentUser } }, ({ user }) => {
  if (user.disabled) throw new HttpError(403, `The account of ${user.name} is closed`)
  return user
})

// All operations of this router need a user, and see it as `user`.
const me = new Router({ prefix: '/me', dependencies: { user: activeUser } })

me.get('', { response: User }, async function readMe({ user }) {
  return user
})

me.get('/boats', { response: z.array(z.string()) }, async function listMyBoats({ user }) {
  return user.boats
})

app.include(me)

// A user or nobody.
const visitor = dependency({ dependencies: { token: optional(bearer) } }, ({ token }) =>
  token === undefined ? undefined : users.get(hashOf(token)),
)

app.get('/greeting', { dependencies: { visitor }, response: z.string() }, async function greet({ visitor }) {
  return `Hello ${visitor?.name ?? 'stranger'}`
})

if (import.meta.main) await serve(app)
