import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { Ringback } from '../app/ringback.ts'
import { ManualClock } from '../manual-clock.ts'
import { CookieJar } from './cookie-jar.ts'
import { testClient } from './test-client.ts'

const at = (path: string) => new URL(path, 'http://testserver')
const setting = (...cookies: string[]) => new Headers(cookies.map(cookie => ['set-cookie', cookie] as [string, string]))

async function jarWith(...cookies: string[]) {
  const clock = new ManualClock()
  const jar = new CookieJar(clock)
  await jar.keep(at('/account/login'), setting(...cookies))
  return { clock, jar, sent: (path: string) => jar.header(at(path)) }
}

test('CookieJar sends a cookie to its path and below', async () => {
  const { sent } = await jarWith('a=1', 'b=2; Path=/', 'c=3; Path=/account/settings')
  assert.equal(sent('/'), 'b=2')
  assert.equal(sent('/account'), 'a=1; b=2')
  assert.equal(sent('/account/settings/mail?x=1'), 'c=3; a=1; b=2')
  assert.equal(sent('/accounts'), 'b=2')
  assert.equal(sent('/account/settings2'), 'a=1; b=2')
})

test('CookieJar ends cookies by the clock of the test', async () => {
  const { clock, sent } = await jarWith(
    'session=s; Path=/',
    'short=1; Path=/; Max-Age=60',
    'date=2; Path=/; Expires=Thu, 01 Jan 2026 00:10:00 GMT',
    'both=3; Path=/; Max-Age=900; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
    'odd=4; Path=/; Max-Age=soon; Expires=one day',
  )
  assert.equal(sent('/'), 'session=s; short=1; date=2; both=3; odd=4')
  clock.advance({ seconds: 60 })
  assert.equal(sent('/'), 'session=s; date=2; both=3; odd=4')
  clock.advance({ minutes: 9 })
  assert.equal(sent('/'), 'session=s; both=3; odd=4')
  clock.advance({ days: 400 })
  assert.equal(sent('/'), 'session=s; odd=4')
})

test('CookieJar replaces a cookie of one name, host and path, and forgets what is ended', async () => {
  const { jar, sent } = await jarWith('a=1; Path=/', 'b=2; Path=/', 'a=3; Path=/account')
  await jar.keep(at('/x'), setting('a=one=1; Path=/', 'b=; Path=/; Max-Age=0'))
  assert.equal(sent('/account'), 'a=3; a=one=1')
  await jar.keep(at('/account/x'), setting('a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT'))
  assert.equal(sent('/account'), 'a=one=1')
  await jar.keep(at('/x'), setting('a=; Path=/; Max-Age=-1'))
  assert.equal(sent('/account'), undefined)
})

test('CookieJar keeps hosts and https apart', async () => {
  const jar = new CookieJar(new ManualClock())
  const api = new URL('https://api.shop.example/')
  await jar.keep(api, setting('own=1', 'all=2; Domain=.shop.example', 'other=3; Domain=example.org', 'safe=4; Secure'))
  assert.equal(jar.header(api), 'own=1; all=2; safe=4')
  assert.equal(jar.header(new URL('http://api.shop.example/')), 'own=1; all=2')
  assert.equal(jar.header(new URL('https://shop.example/')), 'all=2')
  assert.equal(jar.header(new URL('https://evilshop.example/')), undefined)
  await jar.keep(at('/'), setting('here=5; Secure; HttpOnly; SameSite=Lax'))
  assert.equal(jar.header(at('/')), 'here=5')
})

test('A test client keeps the cookies that handlers set, and adds those of a request', async () => {
  const app = new Ringback({ title: 'Accounts', version: '1.0.0' })
  const ok = z.object({ ok: z.boolean() })
  app.post('/login', { response: ok }, ({ respond }) =>
    respond(200, { ok: true }, { cookies: { session: { value: 'ä b', maxAgeSeconds: 600 }, theme: 'dark' } }),
  )
  app.get('/me', { response: z.string(), cookies: z.record(z.string(), z.string()) }, ({ cookies }) =>
    JSON.stringify(cookies),
  )
  await using client = await testClient(app)
  const me = async (cookie?: string) =>
    JSON.parse((await (await client.get('/me', cookie === undefined ? {} : { headers: { cookie } })).json()) as string)
  assert.deepEqual(await me(), {})
  await client.post('/login')
  assert.deepEqual(await me(), { session: 'ä b', theme: 'dark' })
  assert.deepEqual(await me('lang=de; theme=light'), { lang: 'de', theme: 'light', session: 'ä b' })
  client.clock.advance({ minutes: 10 })
  assert.deepEqual(await me(), { theme: 'dark' })
  await using other = await testClient(new Ringback({ title: 'Others', version: '1.0.0' }))
  assert.equal((await other.get('/docs')).status, 200)
})
