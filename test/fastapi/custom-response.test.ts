// FastAPI, advanced/custom-response: HTML, text, XML, redirects, files and streams.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { fileResponse, html, Ringback, redirect, sendFile, stream, text } from 'ringback'
import { testClient } from 'ringback/testing'
import { assertValid } from '../support/check-document.ts'

const PAGE = '<html><head><title>Some HTML in here</title></head><body><h1>Look ma! HTML!</h1></body></html>'
const XML = '<?xml version="1.0"?><shampoo><Header>Apply shampoo here.</Header></shampoo>'

function appWith(video: string): Ringback {
  const app = new Ringback({ title: 'Custom', version: '1.0.0' })
  app.get('/items/', { response: html() }, () => PAGE)
  app.get('/', { response: text() }, () => 'Hello World')
  app.get('/legacy/', { response: text('application/xml') }, () => XML)
  app.get('/typer', { status: 307 }, () => redirect('https://typer.tiangolo.com'))
  app.get('/pydantic', { status: 302 }, () => redirect('https://docs.pydantic.dev/', 302))
  app.get('/video', { response: fileResponse('video/mp4') }, () => sendFile(video))
  app.get('/stream', { response: stream('video/mp4') }, async function* () {
    for (let count = 0; count < 10; count++) yield Buffer.from('some fake video bytes')
  })
  return app
}

it('sends each kind of response under its media type', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'custom-'))
  try {
    const video = join(folder, 'some_video.mp4')
    writeFileSync(video, 'some fake video bytes')
    const app = appWith(video)
    await using client = await testClient(app)
    const get = async (path: string, headers = {}) => {
      const response = await client.get(path, { headers })
      return [
        response.status,
        response.headers.get('content-type') ?? response.headers.get('location'),
        await response.text(),
      ]
    }
    assert.deepEqual(await get('/items/'), [200, 'text/html; charset=utf-8', PAGE])
    assert.deepEqual(await get('/'), [200, 'text/plain; charset=utf-8', 'Hello World'])
    assert.deepEqual(await get('/legacy/'), [200, 'application/xml; charset=utf-8', XML])
    assert.deepEqual(await get('/typer'), [307, 'https://typer.tiangolo.com', ''])
    assert.deepEqual(await get('/pydantic'), [302, 'https://docs.pydantic.dev/', ''])
    assert.deepEqual(await get('/video'), [200, 'video/mp4', 'some fake video bytes'])
    assert.deepEqual(await get('/video', { range: 'bytes=5-8' }), [206, 'video/mp4', 'fake'])
    assert.deepEqual(await get('/stream'), [200, 'video/mp4', 'some fake video bytes'.repeat(10)])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('documents each as what it is', async () => {
  const document = appWith('').openapi()
  await assertValid(document)
  const described = Object.entries(document.paths ?? {}).map(([path, item]) => {
    const { default: _, ...responses } = item.get!.responses!
    const [status = '', given = {}] = Object.entries(responses)[0] ?? []
    const response: { readonly content?: object; readonly headers?: object } = given
    return [path, status, ...Object.keys(response.content ?? response.headers ?? {})]
  })
  assert.deepEqual(described, [
    ['/items/', '200', 'text/html'],
    ['/', '200', 'text/plain'],
    ['/legacy/', '200', 'application/xml'],
    ['/typer', '307', 'location'],
    ['/pydantic', '302', 'location'],
    ['/video', '200', 'video/mp4'],
    ['/stream', '200', 'video/mp4'],
  ])
})
