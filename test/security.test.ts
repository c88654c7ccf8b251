import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { dependency, Ringback } from 'ringback'
import {
  apiKey,
  clientCredentials,
  httpBasic,
  httpBearer,
  oauth2,
  openIdConnect,
  optional,
  passwordForm,
  scopes,
} from 'ringback/security'
import { testClient } from 'ringback/testing'
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
  return (await validDocument(app)).paths[path].get
}

async function validDocument(app: Ringback) {
  const document = JSON.parse(JSON.stringify(app.openapi()))
  assert.deepEqual((await new Validator().validate(document)).errors ?? [], [])
  return document
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

test('oauth2 has a flow for devices and metadata in OpenAPI 3.2, and leaves them out in 3.1', async () => {
  const device = { deviceAuthorizationUrl: '/device', tokenUrl: '/token', scopes: {} }
  const password = { tokenUrl: '/token', scopes: {} }
  const oauth2MetadataUrl = 'https://id.example/.well-known/oauth-authorization-server'
  const documented = async (openapiVersion: '3.1' | '3.2', flows: Parameters<typeof oauth2>[0]['flows']) => {
    const app = new Ringback({ title: 'Items', version: '1.0.0', openapiVersion })
    app.get('/me', { dependencies: { token: oauth2({ flows, oauth2MetadataUrl }) } }, () => {})
    return (openapiVersion === '3.1' ? await validDocument(app) : app.openapi()).components.securitySchemes.oauth2
  }
  assert.deepEqual(await documented('3.2', { deviceAuthorization: device, password }), {
    type: 'oauth2',
    flows: { deviceAuthorization: device, password },
    oauth2MetadataUrl,
  })
  assert.deepEqual(await documented('3.1', { deviceAuthorization: device, password }), {
    type: 'oauth2',
    flows: { password },
  })
  await assert.rejects(documented('3.1', { deviceAuthorization: device }), {
    name: 'DefinitionError',
    message: /"oauth2" has only the flow "deviceAuthorization".*openapiVersion: '3\.2'/,
  })
})

test('The URLs of schemes that are paths begin with basePath, as those of servers do', () => {
  const app = new Ringback({
    title: 'Items',
    version: '1.0.0',
    basePath: '/api',
    servers: [{ url: 'https://a.example' }],
  })
  const flows = {
    password: { tokenUrl: 'token', refreshUrl: '/refresh' },
    authorizationCode: { authorizationUrl: 'https://id.example/authorize', tokenUrl: '//id.example/token' },
  }
  app.get('/me', { dependencies: { token: oauth2({ flows }), id: openIdConnect('/.well-known/openid') } }, () => {})
  assert.deepEqual(app.openapi().components?.securitySchemes, {
    oauth2: {
      type: 'oauth2',
      flows: {
        password: { tokenUrl: '/api/token', refreshUrl: '/api/refresh', scopes: {} },
        authorizationCode: { ...flows.authorizationCode, scopes: {} },
      },
    },
    openIdConnect: { type: 'openIdConnect', openIdConnectUrl: '/api/.well-known/openid' },
  })
})

const request = z.object({
  grant_type: z.string().optional(),
  username: z.string(),
  password: z.string(),
  scopes: z.array(z.string()).readonly(),
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
})

test('passwordForm reads the fields of the password flow, and its scopes as a list', async () => {
  const app = newApp()
  app.post('/token', { body: passwordForm(), response: request }, ({ body }) => body)
  app.post('/strict', { body: passwordForm({ strict: true }), response: request }, ({ body }) => body)
  await using client = await testClient(app)
  const richie = { username: 'richie', password: 'pass word+&=ü' }
  const sent = async (form: Record<string, string>, path = '/token') => (await client.post(path, { form })).json()
  assert.deepEqual(await sent(richie), { ...richie, scopes: [] })
  const all = { ...richie, grant_type: 'password', client_id: 'app', client_secret: 'hush' }
  assert.deepEqual(await sent({ ...all, scope: ' a  b:c a ' }, '/strict'), { ...all, scopes: ['a', 'b:c'] })
  // What a page sends of inputs that nobody has filled in.
  const empty = { scope: '', grant_type: '', client_id: '', client_secret: '' }
  assert.deepEqual(await sent({ ...richie, ...empty }), { ...richie, scopes: [] })
  const pointers = async (form: Record<string, string>, path?: string) =>
    ((await sent(form, path)) as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)
  assert.deepEqual(await pointers({ grant_type: 'code' }), ['#/grant_type', '#/password', '#/username'])
  assert.deepEqual(await pointers(richie, '/strict'), ['#/grant_type'])
  const { content } = (await validDocument(app)).paths['/token'].post.requestBody
  const { schema } = content['application/x-www-form-urlencoded']
  assert.deepEqual(schema.required, ['username', 'password'])
  assert.deepEqual(schema.properties.password, { type: 'string', format: 'password' })
})

test('clientCredentials reads id and secret as OAuth 2.0 writes them', async () => {
  const app = newApp()
  const response = z.object({ client_id: z.string(), client_secret: z.string() })
  app.get('/client', { dependencies: { client: clientCredentials() }, response }, ({ client }) => client)
  const as = (text: string) => get(app, '/client', { authorization: `Basic ${btoa(text)}` })
  const encoded = new URLSearchParams({ 'a b+ü:': 'x%&' }).toString().replace('=', ':')
  assert.deepEqual(await (await as(encoded)).json(), { client_id: 'a b+ü:', client_secret: 'x%&' })
  assert.deepEqual(await (await as('app:100%')).json(), { client_id: 'app', client_secret: '100%' })
  assert.deepEqual(await (await as('app:')).json(), { client_id: 'app', client_secret: '' })
  for (const text of [':', ':secret', 'app']) {
    const refused = await as(text)
    assert.deepEqual(
      [refused.status, refused.headers.get('www-authenticate')],
      [401, 'Basic realm="token", charset="UTF-8"'],
    )
  }
  assert.deepEqual((await describedOf(app, '/client')).security, [{ clientCredentials: [] }])
})

test('oauth2 refuses flows that say nothing, in words', () => {
  const refused: readonly (readonly [unknown, RegExp])[] = [
    [{}, /"flows" of "oauth2" has none: give "authorizationCode", "clientCredentials"/],
    [{ pasword: { tokenUrl: '/token' } }, /Unknown key "pasword" in the flows of "oauth2".*Did you mean "password"/],
    [{ password: {} }, /"tokenUrl" of the flow "password" of "oauth2" is undefined: give a URL/],
    [{ password: { tokenUrl: 7 } }, /"tokenUrl" of the flow "password" of "oauth2" is 7: give a URL/],
    [{ authorizationCode: { tokenUrl: '/token' } }, /"authorizationUrl" of the flow "authorizationCode"/],
    [{ implicit: { authorizationUrl: '/a', tokenUrl: '/t' } }, /Unknown key "tokenUrl" in the flow "implicit"/],
    [{ deviceAuthorization: { tokenUrl: '/t' } }, /"deviceAuthorizationUrl" of the flow "deviceAuthorization"/],
    [{ password: { tokenUrl: '/t', refreshUrl: 'http://' } }, /"refreshUrl" of the flow "password".* is "http:\/\/"/],
    [undefined, /Expected an object for the flows of "oauth2"/],
  ]
  for (const [flows, message] of refused)
    assert.throws(() => oauth2({ flows } as Parameters<typeof oauth2>[0]), { name: 'DefinitionError', message })
})

test('httpBasic reads UTF-8, as it asks for, and Latin-1, as some write', async () => {
  const app = newApp()
  app.get('/me', { dependencies: { login: httpBasic() }, response: z.string() }, ({ login }) => login.password)
  for (const encoding of ['utf8', 'latin1'] as const) {
    const authorization = `Basic ${Buffer.from('jörg:pässwörd', encoding).toString('base64')}`
    assert.equal(await (await get(app, '/me', { authorization })).json(), 'pässwörd')
  }
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
