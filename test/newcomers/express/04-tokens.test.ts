import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClient } from 'ringback/testing'
import { app } from './04-tokens.ts'

test('who logs in may ask who they are', async () => {
  await using client = await testClient(app)
  const logIn = await client.post('/token', { form: { username: 'ada', password: 'a long sentence' } })
  assert.equal(logIn.status, 200)
  const { access_token } = await logIn.json()
  const me = await client.get('/me', { headers: { authorization: `Bearer ${access_token}` } })
  assert.deepEqual(await me.json(), { name: 'ada' })
})

test('without a token, with a bad one, or with a wrong password nobody may', async () => {
  await using client = await testClient(app)
  const without = await client.get('/me')
  assert.equal(without.status, 401)
  assert.match(without.headers.get('www-authenticate') ?? '', /^Bearer/)
  assert.equal((await client.get('/me', { headers: { authorization: 'Bearer a.b.c' } })).status, 401)
  assert.equal((await client.post('/token', { form: { username: 'ada', password: 'guessed' } })).status, 400)
})
