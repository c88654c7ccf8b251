import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { dependency, Ringback } from 'ringback'
import { apiKey, httpBasic, httpBearer, oauth2, openIdConnect, optional, scopes } from 'ringback/security'
import { z } from 'zod'

const flows = {
  password: { tokenUrl: 'token', scopes: { 'items:read': 'Read items', 'items:write': 'Write items', me: 'Yourself' } },
}

/** A bearer token here is its own list of scopes, as text. */
const scheme = oauth2({ flows, schemeName: 'login' })
const user = dependency({ dependencies: { token: scheme } }, ({ token }) => ({ name: 'Richie', scopes: token }))

function newApp(): Ringback {
  return new Ringback({ title: 'Items', version: '1.0.0' })
}

const get = (app: Ringback, path: string, headers: Record<string, string> = {}) =>
  app.fetch(new Request(`http://localhost${path}`, { headers }))

interface Described {
  readonly security?: unknown
  readonly responses: Readonly<Record<string, unknown>>
}

async function describedOf(app: Ringback, path: string): Promise<Described> {
  const document = JSON.parse(JSON.stringify(app.openapi()))
  assert.deepEqual((await new Validator().validate(document)).errors ?? [], [])
  return document.paths[path].get
}

test('oauth2 reads a bearer token, and the document has its flows', async () => {
  const app = newApp()
  app.get('/me', { dependencies: { token: scheme }, response: z.string() }, ({ token }) => token)
  assert.equal(await (await get(app, '/me', { authorization: 'bearer abc' })).json(), 'abc')
  for (const authorization of ['', 'Basic abc', 'Bearer', 'Bearer ']) {
    const response = await get(app, '/me', authorization === '' ? {} : { authorization })
    assert.equal(response.status, 401, authorization)
    assert.equal(response.headers.get('www-authenticate'), 'Bearer')
  }
  assert.deepEqual((await describedOf(app, '/me')).security, [{ login: [] }])
  assert.deepEqual(app.openapi().components?.securitySchemes, { login: { type: 'oauth2', flows } })
})

test('oauth2 has every flow, each with the URLs that it needs', async () => {
  const all = {
    authorizationCode: { authorizationUrl: 'https://id.example/authorize', tokenUrl: 'https://id.example/token' },
    clientCredentials: { tokenUrl: '/token', refreshUrl: '/refresh' },
    password: { tokenUrl: 'token' },
    implicit: { authorizationUrl: '/authorize', scopes: { a: 'A' } },
  }
  const app = newApp()
  app.get('/me', { dependencies: { token: oauth2({ flows: all, description: 'Ours' }) } }, () => {})
  await describedOf(app, '/me')
  const scheme = app.openapi().components?.securitySchemes?.['oauth2']
  assert.deepEqual(scheme, {
    type: 'oauth2',
    flows: Object.fromEntries(Object.entries(all).map(([name, flow]) => [name, { scopes: {}, ...flow }])),
    description: 'Ours',
  })
})

test('oauth2 refuses flows that say nothing, in words', () => {
  const refused: readonly (readonly [unknown, RegExp])[] = [
    [{}, /"flows" of "oauth2" has none: give "authorizationCode", "clientCredentials"/],
    [{ pasword: { tokenUrl: '/token' } }, /Unknown key "pasword" in the flows of "oauth2".*Did you mean "password"/],
    [{ password: {} }, /"tokenUrl" of the flow "password" of "oauth2" is undefined: give a URL/],
    [{ password: { tokenUrl: 7 } }, /"tokenUrl" of the flow "password" of "oauth2" is 7: give a URL/],
    [{ authorizationCode: { tokenUrl: '/token' } }, /"authorizationUrl" of the flow "authorizationCode"/],
    [{ implicit: { authorizationUrl: '/a', tokenUrl: '/t' } }, /Unknown key "tokenUrl" in the flow "implicit"/],
    [undefined, /Expected an object for the flows of "oauth2"/],
  ]
  for (const [flows, message] of refused)
    assert.throws(() => oauth2({ flows } as Parameters<typeof oauth2>[0]), { name: 'DefinitionError', message })
})

test('openIdConnect reads a bearer token, and the document has its address', async () => {
  const app = newApp()
  const url = 'https://accounts.example/.well-known/openid-configuration'
  app.get('/me', { dependencies: { token: openIdConnect(url) }, response: z.string() }, ({ token }) => token)
  assert.equal(await (await get(app, '/me', { authorization: 'Bearer abc' })).json(), 'abc')
  assert.equal((await get(app, '/me')).status, 401)
  assert.deepEqual((await describedOf(app, '/me')).security, [{ openIdConnect: [] }])
  assert.throws(() => openIdConnect('http://'), { name: 'DefinitionError', message: /is "http:\/\/": give that of/ })
})

test('scopes lets through whoever has all, and tells others which are missing', async () => {
  const app = newApp()
  const response = z.object({ name: z.string() })
  app.get('/items', { dependencies: { user: scopes(user, ['items:read', 'me']) }, response }, ({ user }) => user)
  const as = (granted: string) => get(app, '/items', { authorization: `Bearer ${granted}` })
  assert.deepEqual(await (await as('me items:write items:read')).json(), { name: 'Richie' })
  for (const granted of ['items:read', 'me', 'items:read:me', 'nothing', 'ME ITEMS:READ']) {
    const refused = await as(granted)
    assert.equal(refused.status, 403, granted)
    assert.equal(refused.headers.get('www-authenticate'), 'Bearer error="insufficient_scope", scope="items:read me"')
    const missing = ['items:read', 'me'].filter(scope => !granted.split(' ').includes(scope))
    const { detail } = (await refused.json()) as { detail: string }
    assert.equal(detail, `Not enough permissions: this needs the scopes ${missing.map(each => `"${each}"`).join(', ')}`)
  }
  assert.equal((await get(app, '/items')).status, 401)
  const described = await describedOf(app, '/items')
  assert.deepEqual(described.security, [{ login: ['items:read', 'me'] }])
  assert.ok('401' in described.responses && '403' in described.responses)
})

test('scopes of a router and of its operations add up', async () => {
  const app = newApp()
  app.get(
    '/items',
    { dependencies: { reader: scopes(user, ['items:read']), writer: scopes(user, ['items:write']) } },
    () => {},
  )
  const as = async (granted: string) => (await get(app, '/items', { authorization: `Bearer ${granted}` })).status
  assert.deepEqual(
    [await as('items:read'), await as('items:write'), await as('items:read items:write')],
    [403, 403, 204],
  )
  assert.deepEqual((await describedOf(app, '/items')).security, [{ login: ['items:read', 'items:write'] }])
})

test('scopes are roles where the scheme has no scopes of its own', async () => {
  const app = newApp()
  const key = apiKey({ in: 'header', name: 'x-key' })
  const member = dependency({ dependencies: { key } }, ({ key }) => ({ scopes: key.split(',') }))
  app.get('/items', { dependencies: { admin: scopes(member, ['admin']) } }, () => {})
  assert.equal((await get(app, '/items', { 'x-key': 'guest,admin' })).status, 204)
  assert.equal((await get(app, '/items', { 'x-key': 'guest' })).status, 403)
  assert.deepEqual((await describedOf(app, '/items')).security, [{ apiKey: ['admin'] }])
})

test('scopes refuses what nobody can hold, in words', () => {
  const refused: readonly (readonly [() => unknown, RegExp])[] = [
    [() => scopes(user, ['items:raed']), /The scope "items:raed" is not declared.*"login".*Did you mean "items:read"/],
    [() => scopes(user, []), /is not a scope/],
    [() => scopes(user, ['items:read me']), /"items:read me" is not a scope/],
    [() => scopes(user, ['a"b']), /is not a scope/],
    [() => scopes(user, 'me' as never), /"me" is not a scope/],
    [
      () =>
        scopes(
          dependency({}, () => ({ scopes: [] })),
          ['a'],
        ),
      /uses no security scheme/,
    ],
    [() => scopes({} as never, ['a']), /is not a dependency/],
  ]
  for (const [make, message] of refused) assert.throws(make, { name: 'DefinitionError', message })
})

test('optional gives undefined in place of a 401, and the document offers to do without', async () => {
  const app = newApp()
  const response = z.object({ bearer: z.string().nullable(), basic: z.string().nullable() })
  app.get(
    '/me',
    { dependencies: { bearer: optional(httpBearer()), basic: optional(httpBasic()) }, response },
    ({ bearer, basic }) => ({ bearer: bearer ?? null, basic: basic?.username ?? null }),
  )
  assert.deepEqual(await (await get(app, '/me')).json(), { bearer: null, basic: null })
  assert.deepEqual(await (await get(app, '/me', { authorization: 'Bearer abc' })).json(), {
    bearer: 'abc',
    basic: null,
  })
  const basic = { authorization: `Basic ${btoa('richie:secret')}` }
  assert.deepEqual(await (await get(app, '/me', basic)).json(), { bearer: null, basic: 'richie' })
  assert.deepEqual((await describedOf(app, '/me')).security, [
    { httpBearer: [], httpBasic: [] },
    { httpBasic: [] },
    { httpBearer: [] },
    {},
  ])
})

test('A scheme that is optional for one dependency and required by another is required', async () => {
  const app = newApp()
  const bearer = httpBearer()
  app.get('/me', { dependencies: { maybe: optional(bearer), token: bearer } }, () => {})
  assert.equal((await get(app, '/me')).status, 401)
  assert.deepEqual((await describedOf(app, '/me')).security, [{ httpBearer: [] }])
})

test('optional takes schemes only', () => {
  for (const wrong of [user, scopes(user, ['me']), undefined, {}])
    assert.throws(() => optional(wrong as typeof user), { name: 'DefinitionError', message: /takes a security scheme/ })
})
