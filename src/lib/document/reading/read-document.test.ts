import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type ReadOptions, readDocument } from './read-document.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringback-read-'))
  await mkdir(join(folder, 'api'))
  await mkdir(join(folder, 'api-secrets'))
})
after(() => rm(folder, { recursive: true }))

const write = async (name: string, text: string) => {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}
/** A document with one reference for each text. */
const referring = (...references: readonly string[]) =>
  JSON.stringify({ openapi: '3.1.0', components: { schemas: references.map($ref => ({ $ref })) } })
const codes = async (path: string, options?: ReadOptions) =>
  (await readDocument(path, options)).diagnostics.map(({ code }) => code)

describe('readDocument', () => {
  it('follows references below the folder of the document, and between files that refer to each other', async () => {
    await mkdir(join(folder, 'api/parts'))
    await write('api/parts/a.yaml', 'one: { $ref: "b.yaml#/two" }\nwith space: {}\n')
    await write(
      'api/parts/b.yaml',
      'two: { $ref: "../root.json#/components/schemas/0" }\nthree: &here { $anchor: here }\n',
    )
    const path = await write(
      'api/root.json',
      referring('parts/b.yaml#/three', 'parts/a.yaml#/one', './parts/a.yaml#/with%20space', 'parts/b.yaml#here'),
    )
    const document = await readDocument(path)
    assert.deepEqual(document.diagnostics, [])
    assert.equal(
      document.resolve(document.target(document.root.file, '#/components/schemas/1'))?.file.url.endsWith('b.yaml'),
      true,
    )
  })

  it('does not leave the folder, neither by "..", nor by a link, nor by a name that begins alike', async () => {
    await write('api-secrets/key.yaml', 'key: { type: string }\n')
    await symlink(join(folder, 'api-secrets'), join(folder, 'api/linked'))
    const outside = [
      '../api-secrets/key.yaml#/key',
      'linked/key.yaml#/key',
      '%2e%2e/api-secrets/key.yaml#/key',
      'file:///etc/hostname',
    ]
    const path = await write('api/out.json', referring(...outside))
    assert.deepEqual(new Set(await codes(path)), new Set(['reference-not-followed']))
    const allowed = await readDocument(path, { allowedReferences: [join(folder, 'api-secrets')] })
    assert.deepEqual(
      allowed.diagnostics.map(({ message }) => message.includes('hostname')),
      [true],
    )
    assert.deepEqual(
      new Set(await codes(path, { allowedReferences: [join(folder, 'api-sec')] })),
      new Set(['reference-not-followed']),
    )
  })

  it('stays within the origin of a URL, through redirects too, and reads no file for it', async () => {
    const other = createServer((_, response) => response.end('a: {}')).listen(0, '127.0.0.1')
    const server = createServer((request, response) => {
      if (request.url === '/root.json')
        response.end(referring('/part.yaml#/a', '/moved.yaml#/a', `${elsewhere}/x.yaml#/a`, 'file:///etc/hostname'))
      else if (request.url === '/moved.yaml') response.writeHead(302, { location: `${elsewhere}/x.yaml` }).end()
      else response.end('a: {}')
    }).listen(0, '127.0.0.1')
    await Promise.all([other, server].map(one => once(one, 'listening')))
    const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
    const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}/root.json`
    try {
      assert.equal((await codes(root)).filter(code => code === 'reference-not-followed').length, 3)
      assert.equal((await codes(root, { allowedReferences: [elsewhere, '/etc'] })).length, 1)
    } finally {
      for (const one of [other, server]) one.close().closeAllConnections()
    }
  })

  it('keeps its limits of files, bytes, aliases and depth', async () => {
    await write('api/large.yaml', `a: ${'x'.repeat(1_000)}\n`)
    const path = await write('api/limits.json', referring('large.yaml#/a'))
    assert.deepEqual(await codes(path, { limits: { bytes: 500 } }), ['reference-unreadable'])
    assert.deepEqual(await codes(path, { limits: { files: 1 } }), ['reference-unreadable'])
    const aliases = await write('api/aliases.yaml', `openapi: 3.0.0\na: &a { b: 1 }\nc: [${'*a, '.repeat(101)}]\n`)
    assert.deepEqual(await codes(aliases), ['limit'])
    const deep = await write('api/deep.json', `{"openapi":"3.0.0","x":${'['.repeat(600)}${']'.repeat(600)}}`)
    assert.deepEqual(await codes(deep), ['limit'])
  })

  it('says why it cannot read a document at all', async () => {
    const pipes = join(folder, 'api')
    for (const [path, reason] of [
      [join(folder, 'none.yaml'), 'There is no such file'],
      [pipes, 'It is not a file'],
      [
        await write('swagger.json', '{"swagger":"2.0"}'),
        'It has no "openapi" that says its version: only OpenAPI 3.0, 3.1 and 3.2 can be read',
      ],
      [
        await write('four.yaml', 'openapi: 4.0.0'),
        'Its "openapi" is "4.0.0": only OpenAPI 3.0, 3.1 and 3.2 can be read',
      ],
    ] as const)
      await assert.rejects(readDocument(path), { message: reason })
    await assert.rejects(readDocument(await write('empty.yaml', '')))
  })
})
