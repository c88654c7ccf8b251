import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from 'ringback/testing'
import { app } from './04-jwt.ts'

test('A login gives a token, and the token says who it is', async () => {
  await using client = await testClient(app)
  const login = await client.post('/token', { form: { username: 'ada', password: 'a long sentence' } })
  assert.equal(login.status, 200)
  const { access_token, token_type } = await login.json()
  assert.equal(token_type, 'bearer')
  const me = await client.get('/me', { headers: { authorization: `Bearer ${access_token}` } })
  assert.deepEqual(await me.json(), { name: 'ada', email: 'ada@example.com' })
})

test('Without a good token it is a 401', async () => {
  await using client = await testClient(app)
  const without = await client.get('/me')
  assert.equal(without.status, 401)
  assert.match(without.headers.get('www-authenticate') ?? '', /^Bearer/)
  assert.equal((await client.get('/me', { headers: { authorization: 'Bearer nonsense' } })).status, 401)
})

test('A wrong password is refused', async () => {
  await using client = await testClient(app)
  const login = await client.post('/token', { form: { username: 'ada', password: 'guessed' } })
  assert.equal(login.status, 400)
  assert.equal((await login.json()).error, 'invalid_grant')
})
