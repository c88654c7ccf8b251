import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { HttpError, Ringback } from 'ringback'
import { httpBearer, optional, required, type SessionOptions, scopes, sessionCookie } from 'ringback/security'
import { testClient } from 'ringback/testing'
import { z } from 'zod'

const SECRET = 'correct horse battery staple'
const Value = z.object({ user: z.string(), scopes: z.array(z.string()).default([]) })

/** An application with a session: `POST /login?user=`, `/logout`, `GET /me`. */
function appWith(options: SessionOptions = { secret: SECRET }) {
  const session = sessionCookie(Value, options)
  const app = new Ringback({ title: 'Sessions', version: '1.0.0', log: { ...console, error() {} } })
  const query = z.object({ user: z.string() })
  app.post('/login', { query, dependencies: { session } }, ({ query, session }) => session.set(query))
  app.post('/logout', { dependencies: { session } }, ({ session }) => session.clear())
  app.get('/me', { dependencies: { me: required(session) }, response: z.string() }, ({ me }) => me.user)
  app.get('/maybe', { dependencies: { session }, response: z.string() }, ({ session }) => session.value?.user ?? '-')
  return { app, session }
}

const lineOf = async (options?: SessionOptions) => {
  await using client = await testClient(appWith(options).app)
  return (await client.post('/login?user=richie')).headers.getSetCookie().join()
}

test('A session is set, kept, read and cleared', async () => {
  await using client = await testClient(appWith().app)
  const nobody = await client.get('/me')
  assert.equal(nobody.status, 401)
  assert.equal(nobody.headers.get('www-authenticate'), 'ApiKey in="cookie", name="__Host-session"')
  assert.equal(await (await client.get('/maybe')).json(), '-')
  await client.post('/login?user=richie')
  assert.equal(await (await client.get('/me')).json(), 'richie')
  await client.post('/login?user=ron')
  assert.equal(await (await client.get('/me')).json(), 'ron')
  const { headers } = await client.post('/logout')
  assert.deepEqual(headers.getSetCookie(), ['__Host-session=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax'])
  assert.equal((await client.get('/me')).status, 401)
})

test('The attributes of a session are the safest unless it is told otherwise', async () => {
  const shown = async (options?: Partial<SessionOptions>) =>
    (await lineOf({ secret: SECRET, ...options })).replace(/=[\w-]{80,}/, '=…')
  assert.equal(await shown(), '__Host-session=…; Max-Age=1209600; Path=/; HttpOnly; Secure; SameSite=Lax')
  assert.equal(
    await shown({ name: 'cart', domain: 'example.com', sameSite: 'none', maxAgeSeconds: 60 }),
    '__Secure-cart=…; Max-Age=60; Domain=example.com; Path=/; HttpOnly; Secure; SameSite=None',
  )
  assert.equal(
    await shown({ secure: false, sameSite: 'strict' }),
    'session=…; Max-Age=1209600; Path=/; HttpOnly; SameSite=Strict',
  )
})

test('A session shows nothing of its value, and expires even where the cookie is kept', async () => {
  await using client = await testClient(appWith({ secret: SECRET, maxAgeSeconds: 60 }).app)
  const [line = ''] = (await client.post('/login?user=richie')).headers.getSetCookie()
  const cookie = line.split(';')[0]!
  assert.doesNotMatch(Buffer.from(cookie.split('=')[1]!, 'base64url').toString('latin1'), /richie/)
  const read = async () => (await client.get('/maybe', { headers: { cookie } })).json()
  client.clock.advance({ seconds: 59 })
  assert.equal(await read(), 'richie')
  client.clock.advance({ seconds: 1 })
  assert.equal(await read(), '-')
})

test('A cookie that was changed, made with another secret or for another name is no session', async () => {
  await using client = await testClient(appWith().app)
  const whoIs = async (cookie: string) => (await client.get('/maybe', { headers: { cookie } })).json()
  const value = (await lineOf()).split(/[=;]/)[1]!
  assert.equal(await whoIs(`__Host-session=${value}`), 'richie')
  const at = (index: number) => value.slice(0, index) + (value[index] === 'A' ? 'B' : 'A') + value.slice(index + 1)
  const other = (await lineOf({ secret: 'another horse, another battery' })).split(/[=;]/)[1]!
  const otherName = (await lineOf({ secret: SECRET, name: 'cart' })).split(/[=;]/)[1]!
  for (const wrong of [
    ...[0, 5, 20, 60, value.length - 3].map(at),
    value.slice(0, -4),
    other,
    otherName,
    '',
    'x',
    '%00',
  ])
    assert.equal(await whoIs(`__Host-session=${wrong}`), '-', wrong)
  assert.equal(await whoIs(`session=${value}`), '-')
})

test('A secret is changed without ending sessions: the first seals, all open', async () => {
  const old = (await lineOf({ secret: SECRET })).split(';')[0]!
  const whoIs = async (secret: readonly string[]) => {
    await using client = await testClient(appWith({ secret }).app)
    return (await client.get('/maybe', { headers: { cookie: old } })).json()
  }
  const next = 'another horse, another battery'
  assert.equal(await whoIs([next, SECRET]), 'richie')
  assert.equal(await whoIs([next]), '-')
})

test('A session that no longer fits its schema is none, and one that does not fit is not set', async () => {
  const cookie = (await lineOf()).split(';')[0]!
  const session = sessionCookie(z.object({ id: z.number() }), { secret: SECRET })
  const app = new Ringback({ title: 'Sessions', version: '1.0.0' })
  const thrown: unknown[] = []
  app.get('/id', { dependencies: { session }, response: z.number().nullable() }, ({ session }) => {
    for (const id of ['7', 7])
      try {
        session.set({ id } as { id: number })
      } catch (error) {
        thrown.push(error)
      }
    return session.value?.id ?? null
  })
  app.get('/now', { dependencies: { session }, response: z.boolean() }, ({ session }) => session.value !== undefined)
  await using client = await testClient(app)
  const get = (path: string) => client.get(path, { headers: { cookie } })
  assert.equal(await (await get('/now')).json(), false)
  const response = await get('/id')
  assert.equal(await response.json(), 7)
  assert.equal(response.headers.getSetCookie().length, 1)
  assert.match(String(thrown), /^TypeError: The session "__Host-session" cannot hold this value, at "#\/id": /)
})

test('A value that JSON would change into one that does not fit is not set', async () => {
  const session = sessionCookie(z.object({ since: z.date() }), { secret: SECRET })
  const app = new Ringback({ title: 'Sessions', version: '1.0.0' })
  app.get('/set', { dependencies: { session }, response: z.string() }, ({ session }) => {
    try {
      session.set({ since: new Date() })
      return 'set'
    } catch (error) {
      return String(error)
    }
  })
  const response = await app.fetch(new Request('http://localhost/set'))
  assert.match((await response.json()) as string, /^TypeError: .* cannot hold this value, at "#\/since": /)
})

test('A session that browsers would drop is refused', async () => {
  const session = sessionCookie(z.string(), { secret: SECRET })
  const app = new Ringback({ title: 'Sessions', version: '1.0.0' })
  const query = z.object({ length: z.int() })
  app.get('/set', { query, dependencies: { session }, response: z.string() }, ({ query, session }) => {
    try {
      session.set('x'.repeat(query.length))
      return 'set'
    } catch (error) {
      return String(error)
    }
  })
  const set = async (length: number) => {
    const response = await app.fetch(new Request(`http://localhost/set?length=${length}`))
    const line = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    return { said: await response.json(), bytes: line.length }
  }
  const { said, bytes } = await set(2_950)
  assert.ok(said === 'set' && bytes > 4_000 && bytes <= 4_097, `${said} ${bytes}`)
  assert.match((await set(3_100)).said, /^RangeError: The session "__Host-session" would take \d+ bytes.*keep an id/)
})

test('The last of set and clear counts, other cookies stay, and an error sets none', async () => {
  const { app, session } = appWith()
  app.get('/both', { dependencies: { session } }, ({ session, setCookie }) => {
    session.set({ user: 'a' })
    setCookie('theme', 'dark')
    session.clear()
    session.set({ user: 'b' })
  })
  app.get('/error', { dependencies: { session } }, ({ session }) => {
    session.set({ user: 'a' })
    throw new HttpError(409)
  })
  await using client = await testClient(app)
  const names = (await client.get('/both')).headers.getSetCookie().map(line => line.split('=')[0])
  assert.deepEqual(names, ['theme', '__Host-session'])
  assert.equal(await (await client.get('/me')).json(), 'b')
  assert.deepEqual((await client.get('/error')).headers.getSetCookie(), [])
})

test('The document shows the cookie, required where it is, and scopes of a session are roles', async () => {
  const { app, session } = appWith()
  app.get('/admin', { dependencies: { admin: scopes(required(session), ['admin']) } }, () => {})
  const document = JSON.parse(JSON.stringify(app.openapi()))
  assert.deepEqual((await new Validator().validate(document)).errors ?? [], [])
  assert.deepEqual(document.components.securitySchemes, {
    session: {
      ...{ type: 'apiKey', in: 'cookie', name: '__Host-session' },
      description: 'The operation that begins the session sets it, and the browser keeps it.',
    },
  })
  const { security, responses } = document.paths['/me'].get
  assert.deepEqual([security, '401' in responses], [[{ session: [] }], true])
  assert.deepEqual(document.paths['/maybe'].get.security, [{ session: [] }, {}])
  assert.deepEqual(document.paths['/admin'].get.security, [{ session: ['admin'] }])
  await using client = await testClient(app)
  await client.post('/login?user=richie')
  assert.equal((await client.get('/admin')).status, 403)
})

test('Options that cannot be meant are refused, in words, without the secret', () => {
  const refused: readonly (readonly [object, RegExp])[] = [
    [{}, /^"secret" of "sessionCookie" is missing: give a text of at least 24 bytes/],
    [{ secret: undefined }, /is missing/],
    [{ secret: [] }, /is missing/],
    [{ secret: 'too short' }, /^"secret" of "sessionCookie" is too short(?!.*too short")/],
    [{ secret: [SECRET, 'short'] }, /is too short/],
    [{ secret: 7 }, /is too short/],
    [{ secret: SECRET, name: '__Host-a' }, /"name" of "sessionCookie" is "__Host-a": give letters/],
    [{ secret: SECRET, name: 'a;b' }, /"name"/],
    [{ secret: SECRET, maxAgeSeconds: 0 }, /"maxAgeSeconds" of "sessionCookie" is 0: give a whole number from 1/],
    [{ secret: SECRET, maxAgeSeconds: 34_560_001 }, /"maxAgeSeconds"/],
    [{ secret: SECRET, sameSite: 'Lax' }, /"sameSite" of "sessionCookie" is "Lax": give "lax"/],
    [{ secret: SECRET, sameSite: 'none', secure: false }, /only of secure cookies/],
    [{ secret: SECRET, domain: 'a; b' }, /"domain"/],
    [{ secret: SECRET, maxAge: 7 }, /Unknown key "maxAge".*Did you mean "maxAgeSeconds"/],
  ]
  for (const [options, message] of refused)
    assert.throws(() => sessionCookie(Value, options as SessionOptions), { name: 'DefinitionError', message })
  for (const wrong of [httpBearer(), optional(httpBearer()), undefined, {}])
    assert.throws(() => required(wrong as never), { name: 'DefinitionError', message: /"required" takes a session/ })
})
