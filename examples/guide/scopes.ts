import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { oauth2, scopes } from 'ringback/security'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const token = oauth2({
  flows: {
    clientCredentials: {
      tokenUrl: 'https://login.harbour.example/token',
      scopes: { 'berths:read': 'See who lies where', 'berths:write': 'Move boats' },
    },
  },
})

// What a token allows: here a table, in earnest what a verified token says.
const granted = new Map([
  ['token-of-ada', { name: 'Ada', scopes: ['berths:read', 'berths:write'] }],
  // The text of a token, with spaces, will do as well.
  ['token-of-bob', { name: 'Bob', scopes: 'berths:read' }],
])

const user = dependency({ dependencies: { token } }, ({ token }) => {
  const known = granted.get(token)
  if (known === undefined) throw new HttpError(401, 'Unknown token', { headers: { 'www-authenticate': 'Bearer' } })
  return known
})

const reader = scopes(user, ['berths:read'])
const writer = scopes(user, ['berths:read', 'berths:write'])

app.get('/berths', { dependencies: { reader }, response: z.string() }, async function listBerths({ reader }) {
  return `berths for ${reader.name}`
})

app.put('/berths/{number}', { dependencies: { writer }, status: 204 }, async function moveBoat({ writer, log }) {
  log.info(`${writer.name} moves a boat`)
})

if (import.meta.main) await serve(app)
