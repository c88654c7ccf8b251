import assert from 'node:assert/strict'
import test from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { redirect } from '../operation/redirect.ts'
import { Ringback } from './ringback.ts'

const title = { title: 'Pages', version: '1.0.0' }
const get = (app: Ringback, path: string) => app.fetch(new Request(`http://localhost${path}`))

test('a redirect is 307 unless it says otherwise, and its status is declared', async () => {
  const log = new RecordingLog()
  const app = new Ringback({ ...title, log })
  app.get('/old', { status: 307 }, () => redirect('/new?a=%20b'))
  app.get('/moved', { status: 301 }, () => redirect(new URL('https://[::1]:8000/é'), 301))
  app.get('/maybe', { response: z.string(), responses: { 303: { description: 'It is there' } } }, () =>
    redirect('/x', 303),
  )
  app.get('/undeclared', {}, () => redirect('/x'))
  const locations = await Promise.all(
    ['/old', '/moved', '/maybe'].map(async path => {
      const response = await get(app, path)
      return [response.status, response.headers.get('location'), await response.text()]
    }),
  )
  assert.deepEqual(locations, [
    [307, '/new?a=%20b', ''],
    [301, 'https://[::1]:8000/%C3%A9', ''],
    [303, '/x', ''],
  ])
  assert.equal((await get(app, '/undeclared')).status, 500)
  assert.match(String(log.messages[0]?.fields['error']), /status 307 is not declared.*: write "status: 307", or/)
})

test('a redirect is documented with its location', () => {
  const app = new Ringback(title)
  const headers = z.object({ 'x-reason': z.string() })
  app.get('/old', { status: 308, responses: { 303: { description: 'It is there', headers } } }, () =>
    redirect('/a', 308),
  )
  const { responses } = JSON.parse(JSON.stringify(app.openapi().paths))['/old'].get
  const location = {
    description: 'Where to go',
    required: true,
    schema: { type: 'string', format: 'uri-reference' },
  }
  assert.deepEqual(responses['308'], { description: 'Permanent Redirect', headers: { location } })
  assert.deepEqual(responses['303'], {
    description: 'It is there',
    headers: { location, 'x-reason': { required: true, schema: { type: 'string' } } },
  })
})

test('nothing in the URL of a redirect begins another header, or fails', async () => {
  const app = new Ringback({ ...title, log: new RecordingLog() })
  app.get('/to', { query: z.object({ url: z.string() }), status: 302 }, ({ query }) => redirect(query.url, 302))
  for (const [url, expected] of [
    ['/a\r\nset-cookie: b=1', '/a%0D%0Aset-cookie:%20b=1'],
    ['/\\evil.example', '/%5Cevil.example'],
    ['/ü?q=a b#c"<>{}|^`', '/%C3%BC?q=a%20b#c%22%3C%3E%7B%7D%7C%5E%60'],
    ["https://u@a.example/~x/-_.!*'();:@&=+$,/?#[]%41", "https://u@a.example/~x/-_.!*'();:@&=+$,/?#[]%41"],
    ['\uD800', '%EF%BF%BD'],
  ] as const) {
    const response = await get(app, `/to?url=${encodeURIComponent(url.toWellFormed())}`)
    assert.deepEqual([response.status, response.headers.get('location')], [302, expected])
    assert.equal(response.headers.get('set-cookie'), null)
  }
})

test('a redirect refuses what cannot be meant', () => {
  assert.throws(() => redirect(7 as never), /The URL of a redirect is 7/)
  assert.throws(() => redirect('/a', 304 as never), /The status of a redirect is 304: give 301, 302, 303, 307, 308/)
})
