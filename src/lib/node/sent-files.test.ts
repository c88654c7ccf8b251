import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, readlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { Ringback } from '../app/ringback.ts'
import { fileResponse } from '../operation/bodies/file-response.ts'
import { sendFile } from '../operation/bodies/sent-file.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { serve } from './serve.ts'

const LARGE = 5_000_000
const changed = new Date('2026-05-04T03:02:01.500Z')

async function folderOf(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'files-'))
  t.after(() => rm(folder, { recursive: true }))
  writeFileSync(join(folder, 'digits.txt'), '0123456789')
  writeFileSync(join(folder, 'large.bin'), Buffer.alloc(LARGE, 7))
  writeFileSync(join(folder, 'empty.bin'), '')
  for (const name of ['digits.txt', 'large.bin', 'empty.bin']) utimesSync(join(folder, name), changed, changed)
  return folder
}

async function served(t: TestContext) {
  const folder = await folderOf(t)
  const log = new RecordingLog()
  const app = new Ringback({ title: 'Files', version: '1.0.0', log })
  app.get('/files/{name}', { response: fileResponse() }, ({ params }) => sendFile(join(folder, params.name)))
  const server = await serve(app, { port: 0, host: '127.0.0.1', signals: false, graceMs: 200 })
  t.after(() => server.close())
  return { app, folder, log, url: server.url, port: server.port }
}

const openFiles = (folder: string): string[] =>
  readdirSync('/proc/self/fd').filter(fd => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder)
    } catch {
      return false
    }
  })

/** Waits, turn by turn, until no file below the folder is open. */
async function closedAll(folder: string): Promise<void> {
  while (openFiles(folder).length > 0) await new Promise(resolve => setImmediate(resolve))
}

const head = (url: string): Promise<Record<string, unknown>> =>
  new Promise((resolve, reject) =>
    request(url, { method: 'HEAD' }, response => resolve({ status: response.statusCode, ...response.headers }))
      .on('error', reject)
      .end(),
  )

describe('a file', () => {
  it('is sent with its type, length, tag and date', async t => {
    const { url } = await served(t)
    const response = await fetch(`${url}/files/digits.txt`)
    assert.equal(await response.text(), '0123456789')
    const { date: _, etag, ...headers } = Object.fromEntries(response.headers)
    assert.match(etag!, /^"[^"]+"$/)
    assert.deepEqual(headers, {
      'accept-ranges': 'bytes',
      connection: 'keep-alive',
      'content-length': '10',
      'content-type': 'text/plain; charset=utf-8',
      'keep-alive': headers['keep-alive'],
      'last-modified': 'Mon, 04 May 2026 03:02:01 GMT',
      'x-content-type-options': 'nosniff',
    })
    const large = await fetch(`${url}/files/large.bin`)
    assert.equal(large.headers.get('content-length'), String(LARGE))
    assert.deepEqual(await large.bytes(), new Uint8Array(LARGE).fill(7))
    const empty = await fetch(`${url}/files/empty.bin`)
    assert.deepEqual([empty.status, empty.headers.get('content-length'), await empty.text()], [200, '0', ''])
  })

  it('is sent in parts', async t => {
    const { url, folder } = await served(t)
    const part = async (name: string, range: string) => {
      const response = await fetch(`${url}/files/${name}`, { headers: { range } })
      return [response.status, response.headers.get('content-range'), await response.text()]
    }
    assert.deepEqual(await part('digits.txt', 'bytes=2-4'), [206, 'bytes 2-4/10', '234'])
    assert.deepEqual(await part('digits.txt', 'bytes=-2'), [206, 'bytes 8-9/10', '89'])
    assert.deepEqual(await part('digits.txt', 'bytes=0-1,7-8'), [200, null, '0123456789'])
    assert.deepEqual(await part('digits.txt', 'lines=1-2'), [200, null, '0123456789'])
    const [status, contentRange, text] = await part('digits.txt', 'bytes=10-')
    assert.deepEqual([status, contentRange], [416, 'bytes */10'])
    assert.match(String(text), /There are no such bytes: the file has 10/)
    assert.equal((await part('large.bin', 'bytes=100000-1099999'))[2]?.toString().length, 1_000_000)
    await closedAll(folder)
  })

  it('is not sent to a client that has it, and its parts only where they fit what the client has', async t => {
    const { url, folder } = await served(t)
    const get = (headers: Record<string, string>) => fetch(`${url}/files/digits.txt`, { headers })
    const first = await get({})
    const etag = first.headers.get('etag')!
    const date = first.headers.get('last-modified')!
    const known = await get({ 'if-none-match': etag })
    assert.deepEqual([known.status, await known.text(), known.headers.get('etag')], [304, '', etag])
    assert.equal(known.headers.get('content-type'), null)
    assert.equal((await get({ 'if-modified-since': date })).status, 304)
    assert.equal((await get({ 'if-none-match': '"other"' })).status, 200)
    assert.equal((await get({ 'if-match': '"other"' })).status, 412)
    const range = 'bytes=0-1'
    assert.equal((await get({ range, 'if-range': etag })).status, 206)
    assert.equal((await get({ range, 'if-range': date })).status, 206)
    assert.equal((await get({ range, 'if-range': '"other"' })).status, 200)
    writeFileSync(join(folder, 'digits.txt'), '9876543210')
    assert.equal((await get({ 'if-none-match': etag })).status, 200)
    assert.equal(await (await get({ range, 'if-range': etag })).text(), '9876543210')
    await closedAll(folder)
  })

  it('answers HEAD with the headers of GET, and holds nothing open', async t => {
    const { url, folder } = await served(t)
    const { status, 'content-length': length, etag } = await head(`${url}/files/large.bin`)
    assert.deepEqual([status, length], [200, String(LARGE)])
    assert.equal(
      (await fetch(`${url}/files/large.bin`, { method: 'HEAD', headers: { range: 'bytes=0-1' } })).status,
      200,
    )
    const got = await fetch(`${url}/files/large.bin`)
    assert.equal(got.headers.get('etag'), etag)
    await got.body?.cancel()
    await closedAll(folder)
  })

  it('is closed where its client goes away', async t => {
    const { port, folder } = await served(t)
    const socket = connect(port, '127.0.0.1')
    socket.write('GET /files/large.bin HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await new Promise(resolve => socket.once('data', resolve))
    assert.equal(openFiles(folder).length, 1)
    socket.destroy()
    await closedAll(folder)
  })

  it('that became shorter is cut, so that it does not look whole', async t => {
    const { port, folder, log, url } = await served(t)
    const socket = connect(port, '127.0.0.1')
    socket.write('GET /files/large.bin HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await new Promise(resolve => socket.once('data', resolve))
    truncateSync(join(folder, 'large.bin'), 1000)
    let length = 0
    for await (const chunk of socket) length += chunk.length
    assert.ok(length < LARGE)
    assert.match(log.messages.map(({ fields }) => String(fields['error'])).join(), /became shorter while it was sent/)
    assert.equal((await fetch(`${url}/files/large.bin`)).headers.get('content-length'), '1000')
  })

  it('that cannot be read is a 500 that tells nothing, and the log says why', async t => {
    const { url, folder, log } = await served(t)
    execFileSync('mkfifo', [join(folder, 'pipe')])
    for (const name of ['missing.txt', '.', 'pipe', encodeURIComponent('a\0b')]) {
      const response = await fetch(`${url}/files/${encodeURIComponent(decodeURIComponent(name))}`)
      assert.ok(response.status >= 400, name)
      assert.ok(!(await response.text()).includes(folder))
    }
    const errors = log.messages.map(({ fields }) => String(fields['error'])).join('\n')
    assert.match(errors, /missing\.txt" cannot be sent: ENOENT/)
    assert.match(errors, /pipe" cannot be sent: It is not a regular file/)
    assert.deepEqual(openFiles(folder), [])
  })
})

describe('the operation of a file', () => {
  it('names it, types it, and gives it headers and cookies', async t => {
    const folder = await folderOf(t)
    const app = new Ringback({ title: 'Files', version: '1.0.0', log: new RecordingLog() })
    const bytes = new TextEncoder().encode('{"a":1}')
    app.get('/bytes', { response: fileResponse('application/json') }, ({ respond }) =>
      respond(200, sendFile(bytes, { filename: 'é.json' }), {
        headers: { 'cache-control': 'private' },
        cookies: { a: 'b' },
      }),
    )
    app.get('/url', { response: fileResponse('text/*') }, async () =>
      sendFile(pathToFileURL(join(folder, 'digits.txt')), { disposition: 'inline' }),
    )
    app.get('/other', { response: fileResponse('image/png') }, () => sendFile(bytes, { contentType: 'text/html' }))
    app.get('/none', { response: fileResponse() }, () => '/etc/passwd' as never)
    app.get('/json', { response: z.any() }, () => sendFile('/etc/passwd'))
    const get = (path: string, headers = {}) => app.fetch(new Request(`http://localhost${path}`, { headers }))
    const named = await get('/bytes')
    assert.equal(
      named.headers.get('content-disposition'),
      `attachment; filename="?.json"; filename*=UTF-8''%C3%A9.json`,
    )
    assert.deepEqual(
      ['content-type', 'cache-control'].map(name => named.headers.get(name)),
      ['application/json', 'private'],
    )
    assert.match(named.headers.get('set-cookie')!, /^a=b/)
    assert.equal((await get('/bytes', { 'if-none-match': named.headers.get('etag') })).status, 304)
    const shown = await get('/url')
    assert.deepEqual([shown.headers.get('content-disposition'), await shown.text()], ['inline', '0123456789'])
    for (const path of ['/other', '/none', '/json']) assert.equal((await get(path)).status, 500, path)
  })

  it('is documented as binary, with its parts', () => {
    const app = new Ringback({ title: 'Files', version: '1.0.0' })
    app.get('/pdf', { response: fileResponse('application/pdf') }, () => sendFile('a.pdf'))
    const { responses } = JSON.parse(JSON.stringify(app.openapi().paths))['/pdf'].get
    const content = { 'application/pdf': { schema: { type: 'string', format: 'binary' } } }
    assert.deepEqual(responses['200'], { description: 'OK', content })
    assert.deepEqual(responses['206'], {
      description: 'A part of the file, if the "range" header asks for one',
      content,
    })
    assert.deepEqual(responses['304'], { description: 'The client has the file already' })
    assert.deepEqual(Object.keys(responses), ['200', '206', '304', 'default'])
  })

  it('keeps its dependencies until it has been sent, and ends it where nothing is sent', async t => {
    const folder = await folderOf(t)
    const order: string[] = []
    const lock = dependency({}, async function* () {
      yield 1
      order.push(`released, ${openFiles(folder).length} open`)
    })
    const app = new Ringback({ title: 'Files', version: '1.0.0', log: new RecordingLog() })
    app.get('/large', { response: fileResponse(), dependencies: { lock } }, () => sendFile(join(folder, 'large.bin')))
    const server = await serve(app, { port: 0, host: '127.0.0.1', signals: false })
    assert.equal((await (await fetch(`${server.url}/large`)).bytes()).length, LARGE)
    await server.close()
    assert.deepEqual(order, ['released, 0 open'])
  })

  it('refuses what cannot be meant', () => {
    assert.throws(() => sendFile(7 as never), /The source of a file is 7/)
    assert.throws(() => sendFile('a', { fileName: 'b' } as never), /Did you mean "filename"\?/)
    assert.throws(() => sendFile('a', { disposition: 'form-data' as never }), /"disposition" of a file is "form-data"/)
    assert.throws(() => sendFile('a', { filename: 7 as never }), /"filename" of a file is 7/)
    const app = new Ringback({ title: 'Files', version: '1.0.0' })
    assert.throws(
      () => app.post('/in', { body: fileResponse('image/png') as never }, () => {}),
      /"body" of POST \/in is a file, which only a response can be: use bytes\("image\/png"\)/,
    )
  })
})
