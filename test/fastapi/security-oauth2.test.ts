// https://fastapi.tiangolo.com/tutorial/security/oauth2-jwt/, https://fastapi.tiangolo.com/advanced/security/oauth2-scopes/
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { testClient } from 'ringback/testing'
import { app, createAccessToken } from '../../examples/login.ts'

const client = await testClient(app)
after(() => client.close())
const login = (form: Record<string, string>) => client.post('/token', { form })

async function tokenOf(scope: string, username = 'johndoe', password = 'secret'): Promise<string> {
  const response = await login({ username, password, ...(scope !== '' && { scope }) })
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('cache-control'), 'no-store')
  return ((await response.json()) as { access_token: string }).access_token
}

const get = (path: string, token: string) => client.get(path, { headers: { authorization: `Bearer ${token}` } })
const detail = async (response: Response) => {
  const { detail } = (await response.json()) as { detail: string }
  return [response.status, response.headers.get('www-authenticate'), detail]
}
const INVALID = [401, 'Bearer error="invalid_token"', 'Could not validate credentials']

test('A wrong user and a wrong password get the same refusal', async () => {
  for (const form of [
    { username: 'johndoe', password: 'incorrect' },
    { username: 'foo', password: 'secret' },
  ]) {
    const response = await login(form)
    const { detail, error } = (await response.json()) as Record<string, unknown>
    assert.deepEqual([response.status, detail, error], [400, 'Incorrect username or password', 'invalid_grant'])
  }
})

test('A token tells who it is', async () => {
  const response = await get('/users/me/', await tokenOf('me'))
  assert.deepEqual(await response.json(), {
    username: 'johndoe',
    full_name: 'John Doe',
    email: 'johndoe@example.com',
    disabled: false,
  })
})

test('A token that is none, of nobody or without a user is refused', async () => {
  const tokens = ['nonexistent', await createAccessToken({ data: 'foo' }), await createAccessToken({ sub: 'foo' })]
  for (const token of tokens) assert.deepEqual(await detail(await get('/users/me/', token)), INVALID)
  const missing = await client.get('/users/me/')
  assert.deepEqual([missing.status, missing.headers.get('www-authenticate')], [401, 'Bearer'])
})

test('Scopes open what they were asked for, and no more', async () => {
  const items = await get('/users/me/items/', await tokenOf('me items'))
  assert.deepEqual(await items.json(), [{ item_id: 'Foo', owner: 'johndoe' }])
  // 403 by RFC 6750, section 3.1; FastAPI's example says 401.
  assert.deepEqual(await detail(await get('/users/me/items/', await tokenOf('me'))), [
    403,
    'Bearer error="insufficient_scope", scope="me items"',
    'Not enough permissions: this needs the scopes "items"',
  ])
  assert.equal((await get('/users/me/', await tokenOf(''))).status, 403)
  assert.deepEqual(await (await get('/status/', await tokenOf(''))).json(), { status: 'ok' })
  assert.equal((await client.get('/status/')).status, 401)
})

test('A user who is no longer active is refused', async () => {
  const token = await tokenOf('me', 'alice', 'secretalice')
  assert.deepEqual(await detail(await get('/users/me/', token)), [400, null, 'Inactive user'])
})

test('The document has the flow with its scopes, and the scopes of each operation', () => {
  const { paths, components } = app.openapi()
  assert.deepEqual(paths!['/users/me/items/']!.get!.security, [{ oauth2: ['me', 'items'] }])
  assert.deepEqual(paths!['/status/']!.get!.security, [{ oauth2: [] }])
  assert.deepEqual(components!.securitySchemes, {
    oauth2: {
      type: 'oauth2',
      flows: {
        password: {
          tokenUrl: 'token',
          scopes: { me: 'Read information about the current user.', items: 'Read items.' },
        },
      },
    },
  })
})
