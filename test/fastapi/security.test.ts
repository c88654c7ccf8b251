// https://fastapi.tiangolo.com/tutorial/security/first-steps/, …/get-current-user/, …/simple-oauth2/
// https://fastapi.tiangolo.com/advanced/security/http-basic-auth/
import assert from 'node:assert/strict'
import { timingSafeEqual } from 'node:crypto'
import { test } from 'node:test'
import { dependency, HttpError, Ringback } from 'ringback'
import { type BasicCredentials, httpBasic, oauth2, passwordForm } from 'ringback/security'
import { testClient } from 'ringback/testing'
import { z } from 'zod'

const token = oauth2({ flows: { password: { tokenUrl: 'token' } }, schemeName: 'OAuth2PasswordBearer' })
const newApp = () => new Ringback({ title: 'Security', version: '1.0.0' })
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const read = async (response: Response) => [response.status, await response.json()] as const
const detail = async (response: Response) => {
  const { detail } = (await response.json()) as { detail: string }
  return [response.status, response.headers.get('www-authenticate'), detail]
}
const UNAUTHORIZED = [401, 'Bearer', 'An access token is missing: send "Authorization: Bearer" and the token']

test('First steps: the token, or a 401 that asks for one', async () => {
  const app = newApp()
  app.get('/items/', { dependencies: { token }, response: z.object({ token: z.string() }) }, ({ token }) => ({ token }))
  await using client = await testClient(app)
  assert.deepEqual(await read(await client.get('/items/', bearer('testtoken'))), [200, { token: 'testtoken' }])
  assert.deepEqual(await detail(await client.get('/items/')), UNAUTHORIZED)
  const other = { headers: { authorization: 'Notexistent testtoken' } }
  assert.deepEqual(await detail(await client.get('/items/', other)), UNAUTHORIZED)
  const document = app.openapi()
  assert.deepEqual(document.paths!['/items/']!.get!.security, [{ OAuth2PasswordBearer: [] }])
  assert.deepEqual(document.components!.securitySchemes, {
    OAuth2PasswordBearer: { type: 'oauth2', flows: { password: { scopes: {}, tokenUrl: 'token' } } },
  })
})

const User = z.object({
  username: z.string(),
  email: z.string().nullable(),
  full_name: z.string().nullable(),
  disabled: z.boolean().nullable(),
})

test('Current user: a dependency makes a user of the token', async () => {
  const app = newApp()
  const user = dependency({ dependencies: { token } }, ({ token }) => {
    return { username: `${token}fakedecoded`, email: 'john@example.com', full_name: 'John Doe', disabled: null }
  })
  app.get('/users/me', { dependencies: { user }, response: User }, ({ user }) => user)
  await using client = await testClient(app)
  assert.deepEqual(await read(await client.get('/users/me', bearer('foobar'))), [
    200,
    { username: 'foobarfakedecoded', email: 'john@example.com', full_name: 'John Doe', disabled: null },
  ])
  assert.deepEqual(await detail(await client.get('/users/me')), UNAUTHORIZED)
})

test('Simple OAuth2: a form with user name and password gives the token', async () => {
  const john = { username: 'johndoe', full_name: 'John Doe', email: 'johndoe@example.com', disabled: false }
  const users = new Map([
    ['johndoe', { ...john, hashed_password: 'fakehashedsecret' }],
    ['alice', { ...john, username: 'alice', disabled: true, hashed_password: 'fakehashedsecret2' }],
  ])
  const active = dependency({ dependencies: { token } }, ({ token }) => {
    const user = users.get(token)
    const headers = { 'www-authenticate': 'Bearer' }
    if (user === undefined) throw new HttpError(401, 'Invalid authentication credentials', { headers })
    if (user.disabled) throw new HttpError(400, 'Inactive user')
    return user
  })
  const app = newApp()
  const Token = z.object({ access_token: z.string(), token_type: z.string() })
  app.post('/token', { body: passwordForm(), response: Token }, ({ body: { username, password } }) => {
    if (users.get(username)?.hashed_password !== `fakehashed${password}`)
      throw new HttpError(400, 'Incorrect username or password')
    return { access_token: username, token_type: 'bearer' }
  })
  app.get('/users/me', { dependencies: { active }, response: User }, ({ active }) => active)

  await using client = await testClient(app)
  const login = (form: Record<string, string>) => client.post('/token', { form })
  const response = await login({ username: 'johndoe', password: 'secret' })
  assert.deepEqual(await read(response), [200, { access_token: 'johndoe', token_type: 'bearer' }])
  for (const [username, password] of [
    ['johndoe', 'incorrect'],
    ['foo', 'secret'],
  ] as const)
    assert.deepEqual(await detail(await login({ username, password })), [400, null, 'Incorrect username or password'])
  const refused = [
    await login({ username: 'johndoe' }),
    await login({ ...john, password: 'x', grant_type: 'code' } as never),
  ]
  assert.deepEqual(
    refused.map(({ status }) => status),
    [422, 422],
  )
  // FastAPI shows the hash too, whose model of the user is only a hint there.
  assert.deepEqual(await read(await client.get('/users/me', bearer('johndoe'))), [200, john])
  const nobody = [401, 'Bearer', 'Invalid authentication credentials']
  assert.deepEqual(await detail(await client.get('/users/me', bearer('nonexistent'))), nobody)
  assert.deepEqual(await detail(await client.get('/users/me', bearer('alice'))), [400, null, 'Inactive user'])
})

const same = (a: string, b: string) => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

test('HTTP Basic: the credentials, a 401 that asks for them, and one for wrong ones', async () => {
  const app = newApp()
  const login = httpBasic()
  const right = dependency({ dependencies: { login } }, ({ login }) => {
    if (same(login.username, 'stanleyjobson') && same(login.password, 'swordfish')) return login.username
    throw new HttpError(401, 'Incorrect username or password', { headers: { 'www-authenticate': 'Basic' } })
  })
  const Login = z.object({ username: z.string(), password: z.string() })
  app.get('/credentials', { dependencies: { login }, response: Login }, ({ login }): BasicCredentials => login)
  app.get('/users/me', { dependencies: { right }, response: z.object({ username: z.string() }) }, ({ right }) => ({
    username: right,
  }))
  await using client = await testClient(app)
  const basic = (text: string) => ({ headers: { authorization: `Basic ${btoa(text)}` } })
  const john = { username: 'john', password: 'secret' }
  assert.deepEqual(await read(await client.get('/credentials', basic('john:secret'))), [200, john])
  for (const authorization of ['Basic notabase64token', `Basic ${btoa('johnsecret')}`, 'Bearer x', '']) {
    const response = await client.get('/credentials', { headers: { authorization } })
    assert.deepEqual(
      [response.status, response.headers.get('www-authenticate')],
      [401, 'Basic realm="api", charset="UTF-8"'],
    )
  }
  assert.deepEqual(await read(await client.get('/users/me', basic('stanleyjobson:swordfish'))), [
    200,
    { username: 'stanleyjobson' },
  ])
  for (const wrong of ['alice:swordfish', 'stanleyjobson:wrongpassword'])
    assert.deepEqual(await detail(await client.get('/users/me', basic(wrong))), [
      401,
      'Basic',
      'Incorrect username or password',
    ])
})
