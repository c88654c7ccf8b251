import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { RawConnection } from '../../../../test/support/raw-connection.ts'
import { RecordingLog } from '../../../../test/support/recording-log.ts'
import { type ServedApp, serve } from '../../node/serve.ts'
import { text } from '../../operation/bodies/text.ts'
import { Ringback } from '../ringback.ts'

const outside = mkdtempSync(join(tmpdir(), 'ringback-outside-'))
const root = mkdtempSync(join(tmpdir(), 'ringback-static-'))
const PAGE = '<h1>Home</h1>'
const SCRIPT = 'console.log("a script that is worth to be compressed")'.repeat(20)

const log = new RecordingLog()
const app = new Ringback({ title: 'Files', version: '1.0.0', log, basePath: '/base', docs: false })
let server: ServedApp

before(async () => {
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'index.html': PAGE,
    'a.txt': '0123456789',
    'a b%.txt': 'odd name',
    '%2e%2e': 'named as an escape',
    'app.js': SCRIPT,
    'app.js.br': brotliCompressSync(SCRIPT),
    'app.js.gz': gzipSync(SCRIPT),
    'only.css': 'body{}',
    'only.css.gz': gzipSync('body{}'),
    'empty.txt': '',
    'large.bin': new Uint8Array(8_000_000),
    '.env': 'SECRET',
    'noindex/x.txt': 'x',
    'sub/index.html': '<h1>Sub</h1>',
    'sub/.hidden/x.txt': 'SECRET',
    '.git/config': 'SECRET',
    'items/index.html': 'never seen',
  }
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true })
    writeFileSync(join(root, name), content)
  }
  writeFileSync(join(outside, 'secret.txt'), 'SECRET')
  writeFileSync(`${root}-sibling`, 'SECRET')
  symlinkSync('a.txt', join(root, 'inside.txt'))
  symlinkSync('.env', join(root, 'to-dot.txt'))
  symlinkSync(join(outside, 'secret.txt'), join(root, 'outside.txt'))
  symlinkSync(outside, join(root, 'outside'))
  symlinkSync(`${root}-sibling`, join(root, 'sibling.txt'))
  symlinkSync('loop.txt', join(root, 'loop.txt'))
  symlinkSync('/dev/zero', join(root, 'zero'))
  symlinkSync(join(outside, 'secret.txt'), join(root, 'a.txt.br'))
  execFileSync('mkfifo', [join(root, 'fifo')])
  app.get('/files/items/', { response: text() }, () => 'an operation')
  app.get('/api/items/', { response: text() }, () => 'items')
  app.static('/files', root)
  app.static('/', root, { fallback: 'index.html', cacheControl: 'public, max-age=60' })
  server = await serve(app, { port: 0, host: '127.0.0.1', signals: false })
})

after(async () => {
  await server.close()
  for (const path of [root, outside, `${root}-sibling`]) rmSync(path, { recursive: true })
})

type Headers = Readonly<Record<string, string>>

/** The request as its bytes, which no client has made tidy. */
async function ask(target: string, headers: Headers = {}, method = 'GET') {
  await using connection = await RawConnection.open(server.port)
  const lines = Object.entries({ host: 'files.example', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  connection.write(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`)
  return (await connection.response(method))!
}

const get = async (path: string, headers: Headers = {}, method = 'GET') => {
  const response = await fetch(server.url + path, {
    method,
    headers: { 'accept-encoding': 'identity', ...headers },
    redirect: 'manual',
  })
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() }
}

describe('a file of a directory', () => {
  it('is sent with its type, its length, and how it may be kept', async () => {
    const { status, headers, body } = await get('/files/a.txt')
    assert.deepEqual([status, body], [200, '0123456789'])
    const { date: _now, etag, 'last-modified': changed, connection: _, 'keep-alive': __, ...rest } = headers
    assert.match(etag!, /^"[\w-]+"$/)
    assert.equal(Date.parse(changed!), Math.floor(statSync(join(root, 'a.txt')).mtimeMs / 1000) * 1000)
    assert.deepEqual(rest, {
      'accept-ranges': 'bytes',
      'cache-control': 'no-cache',
      'content-length': '10',
      'content-type': 'text/plain; charset=utf-8',
      vary: 'accept-encoding',
      'x-content-type-options': 'nosniff',
    })
    assert.equal((await get('/a.txt')).headers['cache-control'], 'public, max-age=60')
    assert.equal((await get('/files/a%20b%25.txt')).body, 'odd name')
    assert.deepEqual([(await get('/files/empty.txt')).status, (await get('/files/empty.txt')).body], [200, ''])
  })

  it('comes without its bytes for HEAD, and not at all for other methods', async () => {
    const head = await get('/files/a.txt', {}, 'HEAD')
    assert.deepEqual([head.status, head.headers['content-length'], head.body], [200, '10', ''])
    const put = await get('/files/a.txt', {}, 'PUT')
    assert.deepEqual([put.status, put.headers['allow']], [405, 'GET, HEAD'])
    assert.equal((await get('/files/none.txt', {}, 'DELETE')).status, 404)
    assert.equal((await get('/files/a.txt', {}, 'TRACE').catch(() => ask('/files/a.txt', {}, 'TRACE'))).status, 405)
  })

  it('is not sent again to one who has it', async () => {
    const { etag = '', 'last-modified': changed = '' } = (await get('/files/a.txt')).headers
    for (const headers of [
      { 'if-none-match': etag },
      { 'if-none-match': `W/${etag}` },
      { 'if-modified-since': changed },
    ]) {
      const again = await get('/files/a.txt', headers)
      assert.deepEqual([again.status, again.body, again.headers['etag']], [304, '', etag])
      assert.equal(again.headers['content-type'], undefined)
      assert.equal((await get('/files/a.txt', headers, 'HEAD')).status, 304)
    }
    assert.equal((await get('/files/a.txt', { 'if-match': '"other"' })).status, 412)
  })

  const parts: readonly (readonly [range: string, status: number, body: string])[] = [
    ['bytes=2-4', 206, '234'],
    ['bytes=-3', 206, '789'],
    ['bytes=7-', 206, '789'],
    ['bytes=0-0', 206, '0'],
    ['bytes=0-2,3-5', 206, '012345'],
    // Several parts that lie apart would need a form of their own: all of it is as good (RFC 9110, section 14.2).
    ['bytes=0-1,8-9', 200, '0123456789'],
    [`bytes=${'0-1,'.repeat(1_500)}0-1`, 206, '01'],
    ['lines=1-2', 200, '0123456789'],
    ['bytes=5-2', 200, '0123456789'],
  ]
  for (const [range, status, body] of parts)
    it(`has the part ${range.slice(0, 20)}`, async () => {
      const response = await get('/files/a.txt', { range })
      assert.deepEqual([response.status, response.body], [status, body])
    })

  it('says where a part lies, and where there is none', async () => {
    assert.equal((await get('/files/a.txt', { range: 'bytes=2-4' })).headers['content-range'], 'bytes 2-4/10')
    for (const [path, range, size] of [
      ['a.txt', 'bytes=10-', 10],
      ['a.txt', 'bytes=-0', 10],
      ['empty.txt', 'bytes=0-', 0],
    ] as const) {
      const response = await get(`/files/${path}`, { range })
      assert.deepEqual([response.status, response.headers['content-range']], [416, `bytes */${size}`])
    }
  })

  it('sends a part only of the version that "If-Range" names', async () => {
    const { etag = '', 'last-modified': changed = '' } = (await get('/files/a.txt')).headers
    const statusFor = async (ifRange: string) =>
      (await get('/files/a.txt', { range: 'bytes=0-1', 'if-range': ifRange })).status
    assert.deepEqual(
      await Promise.all([etag, changed, '"other"', `W/${etag}`, 'Mon, 04 May 2020 03:02:01 GMT'].map(statusFor)),
      [206, 206, 200, 200, 200],
    )
  })
})

/** The files of the directory that this process has open. */
const openFiles = (): string[] =>
  readdirSync('/proc/self/fd').flatMap(fd => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`)
      return path.startsWith(root) ? [path] : []
    } catch {
      return []
    }
  })

describe('whatever becomes of a response', { skip: process.platform !== 'linux' }, () => {
  it('no file stays open', async () => {
    const { etag = '' } = (await get('/files/a.txt')).headers
    for (const path of ['/files/a.txt', '/files/large.bin']) {
      await get(path, {}, 'HEAD')
      await get(path, { range: 'bytes=99999999-' })
      await get(path, { range: 'bytes=1-2' })
      await get(path, { 'if-match': '"other"' })
      await get(path, { 'if-none-match': etag })
      await get(path, {}, 'POST')
    }
    assert.equal((await get('/files/large.bin')).body.length, 8_000_000)
    const gone = await RawConnection.open(server.port)
    gone.write('GET /files/large.bin HTTP/1.1\r\nHost: a\r\n\r\n')
    while (gone.unread.length === 0) await new Promise(setImmediate)
    assert.equal(openFiles().length, 1)
    await gone[Symbol.asyncDispose]()
    while (openFiles().length > 0) await new Promise(setImmediate)
    // A small file is not held open for one who never reads the response.
    await app.fetch(new Request('http://a/files/a.txt'))
    assert.deepEqual(openFiles(), [])
  })
})

describe('a compressed form beside a file', () => {
  const taken = async (accept: string, path = '/files/app.js', more: Headers = {}) => {
    const response = await ask(path, { 'accept-encoding': accept, ...more })
    return { ...response, encoding: response.headers['content-encoding'] }
  }

  it('is sent to clients that take it, with the type of the file', async () => {
    for (const [accept, encoding] of [
      ['gzip, deflate, br', 'br'],
      ['gzip', 'gzip'],
      ['br;q=0.5, gzip', 'gzip'],
      ['*', 'br'],
      ['BR', 'br'],
      ['br;q=0, *;q=0.1', 'gzip'],
      ['br;q=0, gzip;q=0', undefined],
      ['identity, br;q=0.5', undefined],
      ['deflate, zstd', undefined],
      ['', undefined],
    ] as const) {
      const response = await taken(accept)
      assert.deepEqual([response.status, response.encoding], [200, encoding], accept)
      assert.equal(response.headers['vary'], 'accept-encoding')
      assert.match(response.headers['content-type']!, /^text\/javascript/)
    }
    assert.equal((await taken('br, gzip', '/files/only.css')).encoding, 'gzip')
    assert.equal((await taken('br, gzip', '/files/index.html')).encoding, undefined)
  })

  it('holds the same bytes, and is a representation of its own', async () => {
    const tags = new Set<string>()
    for (const [accept, decode] of [
      ['br', brotliDecompressSync],
      ['gzip', gunzipSync],
      ['identity', (bytes: Buffer) => bytes],
    ] as const) {
      const response = await app.fetch(new Request('http://a/files/app.js', { headers: { 'accept-encoding': accept } }))
      tags.add(response.headers.get('etag')!)
      assert.equal(decode(Buffer.from(await response.arrayBuffer())).toString(), SCRIPT)
    }
    assert.equal(tags.size, 3)
    const [br = '', gzip = ''] = tags
    assert.equal((await taken('br', '/files/app.js', { 'if-none-match': br })).status, 304)
    assert.equal((await taken('br', '/files/app.js', { 'if-none-match': gzip })).status, 200)
    const part = await taken('br', '/files/app.js', { range: 'bytes=0-3', 'if-range': gzip })
    assert.equal(part.status, 200)
    assert.equal((await taken('br', '/files/app.js', { range: 'bytes=0-3', 'if-range': br })).status, 206)
  })

  it('counts only where it lies in the directory itself', async () => {
    const response = await taken('br', '/files/a.txt')
    assert.deepEqual([response.encoding, response.body], [undefined, '0123456789'])
  })
})

describe('nothing but the files of the directory', () => {
  const spellings = [
    '/files/../secret.txt',
    '/files/%2e%2e/secret.txt',
    '/files/%2E%2E%2Fsecret.txt',
    '/files/..%2fsecret.txt',
    '/files/..%5csecret.txt',
    '/files/..\\secret.txt',
    '/files/sub/..%2f..%2f..%2fetc/passwd',
    '/files/%252e%252e/secret.txt',
    '/files/%252e%252e%252fsecret.txt',
    '/files/%c0%ae%c0%ae/secret.txt',
    '/files/%e0%80%ae%e0%80%ae/secret.txt',
    '/files/%uff0e%uff0e/secret.txt',
    '/files/\uff0e\uff0e/secret.txt',
    '/files/..;/secret.txt',
    '/files/.../secret.txt',
    '/files/....//secret.txt',
    '/files//etc/passwd',
    '/files//a.txt',
    '/files/%2fetc%2fpasswd',
    `/files/${encodeURIComponent(join(outside, 'secret.txt'))}`,
    `/files${join(outside, 'secret.txt')}`,
    `/files/..${root.slice(root.lastIndexOf('/'))}-sibling`,
    `/files/%2e%2e${root.slice(root.lastIndexOf('/'))}-sibling`,
    '/files/file:%2f%2f%2fetc%2fpasswd',
    '/files/a.txt%00',
    '/files/a.txt%00.html',
    '/files/%00',
    '/files/a.txt/',
    '/files/a.txt/x',
    '/files/a.txt.',
    '/files/a.txt%20',
    '/files/a.txt::$DATA',
    '/files/A.TXT',
    '/files/.env',
    '/files/%2eenv',
    '/files/.git/config',
    '/files/.git',
    '/files/.git/',
    '/files/sub/.hidden/x.txt',
    '/files/./.env',
    '/files/sub/%2e./.env',
    '/files/outside.txt',
    '/files/outside/secret.txt',
    '/files/outside',
    '/files/sibling.txt',
    '/files/loop.txt',
    '/files/zero',
    '/files/fifo',
    '/files/noindex',
    '/files/noindex/',
    '/files/%',
    '/files/%e2%82',
    '/files/%ff',
    `/files/${'a'.repeat(5_000)}`,
    `/files${'/a'.repeat(3_000)}`,
    `/files${'/sub/%2e%2e'.repeat(500)}/.env`,
    `/files/${'%2e%2e/'.repeat(30)}etc/passwd`,
  ]
  for (const target of spellings)
    it(`is served under ${target.slice(0, 60)}`, async () => {
      for (const method of ['GET', 'HEAD']) {
        const { status, body } = await ask(target, {}, method)
        assert.ok(status === 404 || status === 400, `${method} ${target}: ${status}`)
        assert.doesNotMatch(body, /SECRET|root:/)
      }
    })

  it('is served for the web-standard handler either', async () => {
    for (const target of spellings) {
      const url = URL.parse(`http://files.example${target}`)
      if (url === null) continue
      const response = await app.fetch(new Request(url))
      const body = await response.text()
      assert.ok(response.status === 404 || response.status === 400, `${target}: ${response.status}`)
      assert.doesNotMatch(body, /SECRET|root:/)
    }
    assert.equal(log.messages.filter(({ level }) => level === 'error').length, 0)
  })

  it('but an escape of an escape is a name', async () => {
    assert.equal((await ask('/files/%252e%252e')).body, 'named as an escape')
  })

  it('but a link to what lies inside, dot files among it: who made it wanted that', async () => {
    assert.equal((await ask('/files/inside.txt')).body, '0123456789')
    assert.equal((await ask('/files/to-dot.txt')).status, 200)
  })
})

describe('a folder', () => {
  it('shows its index below a last slash, to which the browser is sent on the same host', async () => {
    assert.equal((await ask('/files/')).body, PAGE)
    assert.equal((await ask('/files/sub/')).body, '<h1>Sub</h1>')
    for (const [target, location] of [
      ['/files', '/base/files/'],
      ['/files/sub?a=//b', '/base/files/sub/?a=//b'],
      ['/sub', '/base/sub/'],
    ]) {
      const { status, headers } = await ask(target!)
      assert.deepEqual([status, headers['location']], [307, location])
    }
  })

  it('never sends anybody to another host', async () => {
    for (const target of [
      '//evil.example/..',
      '//evil.example/%2e%2e',
      '//sub',
      '/%2fsub',
      '/%5csub',
      '/\\sub',
      '/files//sub',
      '//evil.example/files/sub',
      '///evil.example/%2f..',
      'http://evil.example//sub',
      '/%09/sub',
      '/%0d%0aLocation:%20http:%2f%2fevil.example/sub',
    ]) {
      const { headers } = await ask(target)
      const { location } = headers
      if (location === undefined) continue
      assert.equal(new URL(location, 'http://files.example').host, 'files.example', `${target}: ${location}`)
    }
  })
})

describe('a fallback', () => {
  const page = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }

  it('is what a browser gets that navigates to a page of a single-page application', async () => {
    for (const target of ['/dashboard/settings', '/a/b.c', '/%2e%2e/x', '/noindex/']) {
      const { status, body } = await ask(target, page)
      assert.deepEqual([status, body], [200, PAGE], target)
    }
    const head = await ask('/dashboard', page, 'HEAD')
    assert.deepEqual([head.status, head.headers['content-length']], [200, String(PAGE.length)])
  })

  it('does not hide what is missing: a script, another method, an operation', async () => {
    for (const accept of ['*/*', 'image/avif,image/webp,*/*', 'application/json', 'text/html;q=0'])
      assert.equal((await ask('/assets/missing.js', { accept })).status, 404, accept)
    assert.equal((await ask('/assets/missing.js')).status, 404)
    assert.equal((await ask('/dashboard', page, 'POST')).status, 404)
    assert.equal((await ask('/api/items/', page, 'POST')).status, 405)
    const redirect = await ask('/api/items', page)
    assert.deepEqual([redirect.status, redirect.headers['location']], [307, '/base/api/items/'])
  })

  it('is for its own files only', async () => {
    assert.equal((await ask('/files/dashboard', page)).status, 404)
    assert.equal((await ask('/files/items/', page)).body, 'an operation')
  })
})

describe('static', () => {
  const make = (path: string, directory: unknown, options: object = {}) => {
    const made = new Ringback({ title: 'F', version: '1.0.0', docs: false })
    made.static(path, directory as string, options)
    return made
  }

  it('refuses what cannot be meant, in words', async () => {
    const refused: readonly (readonly [path: string, directory: unknown, options: object, message: RegExp])[] = [
      ['files', root, {}, /"files" is not a path to mount at/],
      ['/files/', root, {}, /does not end with it/],
      ['//files', root, {}, /not a path to mount at/],
      ['/{name}', root, {}, /has "\{name\}"/],
      ['/a?b', root, {}, /not a path/],
      ['/a', '', {}, /The directory of the files at "\/a" is ""/],
      ['/a', new URL('http://a/'), {}, /give a path, or a file: URL/],
      ['/a', root, { fallback: '../x' }, /"fallback" of the files at "\/a" is "\.\.\/x"/],
      ['/a', root, { fallback: '/etc/passwd' }, /"fallback"/],
      ['/a', root, { cacheControl: 'a\nb' }, /"cacheControl"/],
      ['/a', root, { falback: 'index.html' }, /Did you mean "fallback"/],
    ]
    for (const [path, directory, options, message] of refused)
      assert.throws(() => make(path, directory, options), { name: 'DefinitionError', message })
    const twice = make('/a', root)
    assert.throws(() => twice.static('/a', outside), /Something is already mounted at "\/a"/)
  })

  it('needs its directory at the start, unless that may come later', async () => {
    const missing = join(root, 'missing')
    await assert.rejects(make('/a', missing).start(), {
      name: 'DefinitionError',
      message: /does not exist: make it first/,
    })
    await assert.rejects(make('/a', join(root, 'a.txt')).start(), /does not exist/)
    const later = make('/a', missing, { mayBeMissing: true })
    await later.start()
    assert.equal((await later.fetch(new Request('http://a/a/x'))).status, 404)
    await later.close()
  })

  it('takes a file: URL', async () => {
    const made = make('/', new URL(`file://${root}/`))
    assert.equal(await (await made.fetch(new Request('http://a/a.txt'))).text(), '0123456789')
  })
})
