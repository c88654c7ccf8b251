import assert from 'node:assert/strict'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'
import { root } from '../../scripts/root.ts'
import { fastApiChapters, ownChapters } from './chapters.ts'
import { type CheckedPage, checkPage, type Page, type RunningExample } from './check-page.ts'
import { ConsoleLines } from './console-lines.ts'
import { CookieFile } from './cookie-file.ts'
import { curlCommands, curlRequest } from './curl-command.ts'
import { guideRows } from './guide-tables.ts'
import { linkFaults } from './link-faults.ts'
import { quoteFault } from './quote-fault.ts'
import { fits } from './shown-fault.ts'

/** What the file of an example exports: its application, and perhaps the one that receives its callbacks. */
interface Example {
  readonly app: Ringback
  readonly receiver?: Ringback
  /** Another framework's application, which has `app` within it and is served in its place. */
  readonly site?: RequestListener
}

const pages = globSync('docs/guide/*.md', { cwd: root })
  .filter(file => basename(file) !== 'README.md')
  .toSorted()
const guide = readFileSync(join(root, 'docs/guide/README.md'), 'utf8')

/** `node test/guide/guide.test.ts --write` writes into the pages what is real. */
const writes = process.argv.includes('--write')

const folder = mkdtempSync(join(tmpdir(), 'ringback-guide-'))
after(() => {
  process.chdir(root)
  rmSync(folder, { recursive: true })
})

const exampleOf = (file: string): string => `examples/guide/${basename(file, '.md')}.ts`
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8')

async function serveExample({ app, site }: Example): Promise<{ readonly port: number; close(): Promise<void> }> {
  if (site === undefined) return serve(app, { port: 0, host: '127.0.0.1', allowLoopback: true, signals: false })
  const server = createServer(site)
  const port = await listening(server, '127.0.0.1')
  return { port, close: () => new Promise(resolve => void server.close(() => resolve())) }
}

async function listening(server: Server, host: string): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, host, resolve))
  return (server.address() as AddressInfo).port
}

/** An empty database on the server that the tests of a run share. Gives what ends it. */
async function startDatabase(): Promise<() => Promise<void>> {
  const { startPostgres } = await import('../support/postgres-server.ts')
  const { connectionString, stop } = await startPostgres()
  process.env['DATABASE_URL'] = connectionString
  return async () => {
    delete process.env['DATABASE_URL']
    await stop()
  }
}

/** Why a page cannot be tried here; false for nothing. */
const skipOf = ({ text }: Page['example']): string | false =>
  text.includes("from 'pg'") &&
  !process.env['RINGBACK_TEST_POSTGRES'] &&
  'NOT TESTED: it needs PostgreSQL, and RINGBACK_TEST_POSTGRES says where'

/** Serves the example of a page, each with a store of its own, until the page is read. */
async function withExample(name: string, load: () => Promise<Example>, page: Page): Promise<CheckedPage> {
  // What an example writes, it writes there.
  mkdirSync(join(folder, name))
  process.chdir(join(folder, name))
  process.env['RINGBACK_STORE'] = join(folder, name, 'deliveries.sqlite')
  using lines = new ConsoleLines()
  const ends: (() => Promise<void>)[] = []
  const start = async (): Promise<RunningExample> => {
    let fetchReceiver = async (_request: Request): Promise<Response> => new Response(null, { status: 503 })
    const server = createAdaptorServer({ fetch: request => fetchReceiver(request), overrideGlobalObjects: false })
    const receiverPort = await listening(server as Server, 'localhost')
    ends.push(async () => void server.close())
    process.env['RECEIVER_URL'] = `http://localhost:${receiverPort}`
    if (page.example.text.includes("from 'pg'")) ends.push(await startDatabase())
    const example = await load()
    if (example.receiver !== undefined) fetchReceiver = example.receiver.fetch
    const served = await serveExample(example)
    ends.push(served.close)
    return { port: served.port, receiverPort, document: example.app.openapi() }
  }
  try {
    return await checkPage(page, await start(), lines)
  } finally {
    for (const end of ends.toReversed()) await end()
  }
}

for (const file of pages) {
  const example = { file: exampleOf(file), text: textOf(exampleOf(file)) }
  test(file, { skip: skipOf(example) }, async () => {
    const load = (): Promise<Example> => import(pathToFileURL(join(root, example.file)).href)
    const page = { file, text: textOf(file), example, root }
    const { faults, renewed, left } = await withExample(basename(file, '.md'), load, page)
    if (writes) writeFileSync(join(root, file), renewed)
    const wrong = writes ? left : faults
    assert.ok(wrong.length === 0, `\n${wrong.join('\n')}`)
  })
}

test('Every page has its example, and its row in the table', () => {
  const examples = globSync('examples/guide/*.ts', { cwd: root }).toSorted()
  assert.deepEqual(examples, pages.map(exampleOf))
  const linked = new Set([...guide.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, link]) => `docs/guide/${link}`))
  assert.deepEqual([...linked].toSorted(), pages)
})

test('Every chapter of FastAPI has its row, and its pages name it at their end', () => {
  const rows = guideRows(guide)
  assert.deepEqual([...new Set(rows.flatMap(({ chapters }) => chapters))].toSorted(), fastApiChapters.toSorted())
  for (const { page, chapters, note } of rows) {
    const end = page === undefined ? '' : (textOf(`docs/guide/${page}`).split('\n## Coming from elsewhere\n')[1] ?? '')
    for (const chapter of page === undefined ? [] : chapters)
      assert.ok(end.includes(`*${chapter}*`), `docs/guide/${page} does not say that FastAPI calls it "${chapter}"`)
    assert.ok(page !== undefined || note !== '', `There is no page for ${chapters}, and the table does not say why`)
  }
})

test('Every page has a title of its own, says where others would look, and what only Ringback has is there', () => {
  const titles = guideRows(guide).flatMap(({ title }) => title ?? [])
  assert.deepEqual(
    ownChapters.filter(title => !titles.includes(title)),
    [],
  )
  const headings = pages.map(file => textOf(file).split('\n')[0])
  assert.equal(new Set(headings).size, headings.length)
  for (const file of pages) assert.match(textOf(file), /\n## Coming from elsewhere\n\n- /, file)
})

test('A quotation may leave out what stands between its paragraphs, but changes neither lines nor order', () => {
  const source = 'a\n  b\n\nc\nd\n'
  for (const good of ['a\n  b', 'a\n\nd', 'c\nd\n']) assert.equal(quoteFault(good, source), undefined)
  for (const bad of ['a\nb', 'c\n\na', '  b\nc', 'a\n\na']) assert.match(quoteFault(bad, source) ?? '', /^wanted: /)
})

test('"…" stands for any text, and no letter counts twice', () => {
  for (const [shown, real] of [
    ['a…c', 'abc'],
    ['…', ''],
    ['a…', 'a'],
    ['…b…', 'abc'],
    ['a…b…a', 'aba'],
  ] as const)
    assert.ok(fits(shown, real), `${shown} ${real}`)
  for (const [shown, real] of [
    ['a…c', 'ab'],
    ['aba…aba', 'aba'],
    ['a…b…b', 'ab'],
    ['a', 'ab'],
  ] as const)
    assert.ok(!fits(shown, real), `${shown} ${real}`)
})

test('A command is read as a shell and curl do', async () => {
  const text = `ls\ncurl -X PUT \\\n  --json '{"a":\n "it\\u0027s"}' "http://localhost/a b"\ncurl -G -d a=1 --data-urlencode 'b=c d' http://localhost/`
  const commands = curlCommands(text)
  assert.deepEqual(
    commands.map(({ line }) => line),
    [1, 4],
  )
  const [put, get] = await Promise.all(commands.map(({ command }) => curlRequest(command, root)))
  assert.deepEqual([put?.method, put?.url], ['PUT', 'http://localhost/a b'])
  assert.equal(new TextDecoder().decode(put?.body), `{"a":\n "it\\u0027s"}`)
  assert.equal(put?.headers['content-type'], 'application/json')
  assert.deepEqual([get?.method, get?.url, get?.body], ['GET', 'http://localhost/?a=1&b=c%20d', undefined])
  const basic = await curlRequest(`curl -u 'a:b' -H 'Content-Type:' -d x http://localhost/`, root)
  assert.deepEqual(basic.headers, { authorization: 'Basic YTpi' })
})

test('Cookies are kept and sent where a command says so', async () => {
  const cookies = new CookieFile()
  const [keeps, sends, neither] = await Promise.all(
    ['-c cookies.txt', '-b cookies.txt', '-b c=3'].map(option => curlRequest(`curl ${option} http://localhost/`, root)),
  )
  const response = { status: 200, statusLine: 'HTTP/1.1 200 OK', body: '' }
  const set = (value: string) => cookies.keepFrom(keeps!, { ...response, headers: { 'set-cookie': value } })
  set('a=1; Path=/; HttpOnly, b=x; Max-Age=60')
  cookies.keepFrom(sends!, { ...response, headers: { 'set-cookie': 'd=4' } })
  assert.equal(cookies.sentWith(sends!).headers['cookie'], 'a=1; b=x')
  set('a=; Max-Age=0; Path=/')
  assert.equal(cookies.sentWith(sends!).headers['cookie'], 'b=x')
  assert.equal(cookies.sentWith(neither!).headers['cookie'], 'c=3')
})

test('A terminal is played, and the page gets what has come', async () => {
  const app = new Ringback({ title: 'Test', version: '1.0.0' })
  app.websocket('/twice', { receive: z.int(), send: z.int() }, async ({ socket }) => {
    for await (const number of socket) await socket.send(2 * number)
  })
  const played = (lines: string) => `\`\`\`console\n$ npx wscat -c 'ws://localhost:8000/${lines}\n\`\`\``
  const text = [played("twice'\n> 4\n< 9\n> x\n…"), played("once'\nerror: Unexpected server response: 403")].join('\n')
  const page = { file: 'page.md', text, example: { file: 'examples/guide/test.ts', text: '' }, root }
  const { faults, renewed } = await withExample('terminal', async () => ({ app }), page)
  assert.equal(faults.length, 2)
  assert.match(renewed, /> 4\n< 8\n> x\nDisconnected \(code: 1008, reason: "[^"]+"\)\n```/)
  assert.match(renewed, /\nerror: Unexpected server response: 404\n/)
})

test('Every link of the documentation leads to a file, and to a heading that is there', () => {
  const all = [
    'README.md',
    'SECURITY.md',
    'CONTRIBUTING.md',
    'ARCHITECTURE.md',
    ...globSync('docs/**/*.md', { cwd: root }),
  ]
  const faults = all.flatMap(file => linkFaults(root, file))
  assert.ok(faults.length === 0, `\n${faults.join('\n')}`)
})

test('A page that is wrong says where, what it wants and what is real', async () => {
  const app = new Ringback({ title: 'Test', version: '1.0.0' })
  app.post('/items', { body: z.object({ name: z.string() }), response: z.unknown(), status: 201 }, ({ body, log }) => {
    log.info('Stored', { name: body.name })
    return { id: 7, ...body }
  })
  const text = [
    '```ts\n// examples/guide/test.ts\nconst first = 1\n\nconst second = 2\n```', // 1 to 6
    '```ts\n// examples/guide/test.ts\nconst second = 3\n```', // 7 to 10
    '```sh\ncurl --json \'{"name": "pen"}\' \\\n  http://localhost:8000/items\n```', // 11 to 14
    '```http\nHTTP/1.1 201 Created\ncontent-type: application/…\n\n{ "id": 7, "name": "…" }\n```', // 15 to 20
    "```log\nStored { name: 'pen' }\n```", // 21 to 23
    '```sh\ncurl -d name=pen http://localhost:8000/items\ncurl --proxy x http://localhost:8000/\n```', // 24 to 27
    '```sh\ncurl --json \'{"name": "ink"}\' http://localhost:8000/items\n```', // 28 to 30
    '```http\nHTTP/1.1 201 Created\n\n{ "id": 8, "name": "ink" }\n```', // 31 to 35
    '```json #/paths/~1items/post\n{ "operationId": "postItem", "responses": { "201": {} } }\n```', // 36 to 38
  ].join('\n')
  const example = { file: 'examples/guide/test.ts', text: 'const first = 1\nconst between = 0\n\nconst second = 2\n' }
  const page = { file: 'page.md', text, example, root }
  const { faults, renewed } = await withExample('faults', async () => ({ app }), page)
  assert.deepEqual(
    faults.map(fault => fault.split('\n').slice(0, 1).join()),
    [
      'page.md:8: wanted: these lines of the example',
      'page.md:25: wanted: no error, as no response is shown',
      `page.md:26: the command does not run: Error: the guide does not know curl's option "--proxy", but -X, -H, -d, --json, --data-urlencode, --data-binary, -F, -u, -b, -c, -r, -i, -s, -N, -G, -I, --compressed`,
      'page.md:32: wanted: {"id":8,"name":"ink"}',
      'page.md:37: at #/paths/~1items/post/operationId',
    ],
  )
  assert.match(faults.join('\n'), /real: {3}\{"id":7,"name":"ink"\}/)
  assert.match(faults.join('\n'), /real: {3}HTTP\/1\.1 415 Unsupported Media Type/)
  assert.match(renewed, /HTTP\/1\.1 201 Created\n\n\{ "id": 7, "name": "ink" \}\n```/)
  assert.match(renewed, /\{ "operationId": "postItems", "responses": \{ "201": \{\} \} \}/)
})
