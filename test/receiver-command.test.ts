import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { OpenApiDocument } from 'ringback/openapi'
import { receiverDocument } from 'ringback/receiver'
import { parse } from 'yaml'
import { app as invoices } from '../examples/invoices.ts'
import { app as webhooks } from './programs/webhooks.ts'
import { assertConforms, assertLinted, assertValid } from './support/check-document.ts'

const PROGRAM = fileURLToPath(new URL('../dist/lib/cli/main.js', import.meta.url))
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const realDocuments = here('../../shared/data/real-documents')

/** The paths, an operation and its parameters stand in files of their own, as does what the callback sends. */
const files = {
  'api.yaml': `openapi: 3.1
info: { title: Split, version: '1', license: { name: MIT, identifier: MIT } }
servers: [{ url: https://api.test }]
paths: { $ref: paths/all.yaml }
components:
  schemas:
    Event: { type: object, properties: { of: { const: api } } }
    Owner: { type: object, properties: { event: { $ref: '#/components/schemas/Event' } } }
    'Odd name': { type: string }
  securitySchemes: { token: { type: http, scheme: bearer } }
`,
  'paths/all.yaml': `/orders:
  post: { $ref: orders.yaml }
`,
  'paths/orders.yaml': `operationId: createOrder
parameters: [{ $ref: 'nowhere.yaml#/Parameter' }]
requestBody:
  content: { application/json: { schema: { type: object, properties: { url: { type: string } } } } }
responses: { '201': { description: Created } }
callbacks:
  changed: { $ref: '../events.yaml#/callbacks/Changed' }
  lost:
    '{$request.body#/url}': { $ref: '../events.yaml#/items/Lost' }
`,
  'events.yaml': `callbacks:
  Changed:
    '{$request.body#/url}/orders/{$response.body#/id}':
      post:
        operationId: orderChanged
        summary: An order has changed
        security: [{ token: [] }]
        parameters: [{ $ref: '#/parameters/Trace' }]
        requestBody: { $ref: '#/bodies/Event' }
        responses: { '204': { description: Taken }, 4XX: { $ref: '#/responses/Refused' } }
        callbacks:
          ended: { $ref: '#/callbacks/Ended' }
  Ended:
    '{$response.header.location}': { $ref: '#/items/Ended' }
items:
  Ended:
    post:
      operationId: orderEnded
      summary: An order has ended
      security: []
      responses: { '204': { description: Taken }, 4XX: { $ref: '#/responses/Refused' } }
  Lost:
    post:
      operationId: orderLost
      summary: An order is lost
      security: []
      requestBody: { content: { application/json: { $ref: '#/media/Event' } } }
      responses: { '204': { description: Taken }, 4XX: { $ref: '#/responses/Refused' } }
parameters:
  Trace: { name: x-trace, in: header, schema: { type: string }, example: abc }
bodies:
  Event: { content: { application/json: { $ref: '#/media/Event' } } }
media:
  Event: { schema: { $ref: '#/schemas/Event' } }
responses:
  Refused: { description: Refused, content: { application/json: { schema: { $ref: '#/schemas/Event/properties/owner' } } } }
schemas:
  Event:
    $id: https://schemas.test/event
    $anchor: event
    type: object
    properties:
      kind: { type: string }
      next: { $ref: '#event', description: The next }
      owner: { $ref: 'api.yaml#/components/schemas/Owner' }
      odd: { $ref: 'api.yaml#/components/schemas/Odd%20name' }
      part: { $ref: '#/schemas/Event/properties/kind' }
    discriminator: { propertyName: kind, mapping: { owned: Owner, self: 'events.yaml#/schemas/Event' } }
    x-tool: { $ref: elsewhere.yaml }
    x-order: 1
`,
  'broken.yaml': `openapi: 3.0.3
info: { title: Broken, version: '1' }
paths:
  /a:
    post:
      responses: { '201': { description: Created } }
      callbacks:
        done:
          '{$url}':
            post:
              requestBody: { $ref: 'events.yaml#/bodies/Missing' }
              responses: { '200': { $ref: '../outside.yaml#/A' }, '201': { $ref: '../outside.yaml#/B' } }
        endless:
          '{$url}/endless': { $ref: '#/x-items/Endless' }
x-items:
  Endless:
    post: { responses: { '204': { description: Taken } }, callbacks: { more: { '{$url}': { $ref: '#/x-items/Endless' } } } }
`,
  'none.yaml': "openapi: 3.1.0\ninfo: { title: None, version: '1' }\npaths: {}\n",
}

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringback-receiver-'))
  const own = {
    'invoices.json': JSON.stringify(invoices.openapi()),
    'webhooks.json': JSON.stringify(webhooks.openapi()),
  }
  for (const [name, text] of Object.entries({ ...files, ...own })) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
})
after(() => rm(folder, { recursive: true }))

function run(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise(resolve => {
    const options = { cwd: folder, maxBuffer: 10_000_000 }
    execFile(process.execPath, [PROGRAM, 'receiver', ...args], options, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })
}

async function written(...args: readonly string[]): Promise<OpenApiDocument> {
  const { code, stdout, stderr } = await run(...args)
  assert.equal(code, 0, stderr)
  return parse(stdout)
}

describe('ringback receiver', () => {
  const documents: Record<string, OpenApiDocument> = {}
  after(() => assertLinted(documents))

  it('writes for our own document what the application serves', async () => {
    const expected = JSON.parse(JSON.stringify(receiverDocument(invoices.openapi())))
    assert.deepEqual(await written('invoices.json'), expected)
    const union = JSON.parse(JSON.stringify(receiverDocument(webhooks.openapi())))
    assert.deepEqual(await written('webhooks.json'), union)
    const { code, stdout } = await run('invoices.json', '--as', 'webhooks', '--output', 'made.yaml')
    assert.deepEqual([code, stdout], [0, ''])
    const made = parse(await readFile(join(folder, 'made.yaml'), 'utf8'))
    assert.deepEqual(made, JSON.parse(JSON.stringify(receiverDocument(invoices.openapi(), { as: 'webhooks' }))))
  })

  it('makes one document of many files, in which every reference leads somewhere', async () => {
    const document = await written('api.yaml')
    documents['split'] = document
    await assertValid(document)
    assert.deepEqual([document.openapi, Object.keys(document.paths ?? {})], ['3.1.0', ['/orders/{id}', '/lost']])
    const { schemas = {}, ...others } = document.components ?? {}
    assert.deepEqual(Object.keys(schemas).toSorted(), ['Event', 'Event2', 'Odd-name', 'Owner', 'kind', 'owner'])
    assert.deepEqual(Object.keys(others).toSorted(), [
      ...['callbacks', 'pathItems', 'requestBodies', 'responses', 'securitySchemes'],
    ])
    assert.deepEqual(schemas['Event2'], {
      type: 'object',
      properties: {
        kind: { type: 'string' },
        next: { $ref: '#/components/schemas/Event2', description: 'The next' },
        owner: { $ref: '#/components/schemas/Owner' },
        odd: { $ref: '#/components/schemas/Odd-name' },
        part: { $ref: '#/components/schemas/kind' },
      },
      discriminator: {
        propertyName: 'kind',
        mapping: { owned: '#/components/schemas/Owner', self: '#/components/schemas/Event2' },
      },
      'x-order': 1,
    })
    for (const [, pointer = ''] of JSON.stringify(document).matchAll(/"\$ref":"#(\/[^"]+)"/g))
      assert.ok(
        pointer
          .split('/')
          .slice(1)
          .reduce<unknown>((at, token) => Object(at)[token], document),
        pointer,
      )
  })

  it('takes one operation or callback, and names those there are', async () => {
    const [one, none, empty] = await Promise.all([
      written('api.yaml', '--callback', 'lost', '--operation', 'createOrder', '--yaml'),
      run('api.yaml', '--callback', 'chnged'),
      run('none.yaml'),
    ])
    assert.deepEqual(Object.keys(one.paths ?? {}), ['/lost'])
    assert.deepEqual([none.code, empty.code], [1, 1])
    assert.match(none.stderr, /no callback "chnged"; it has changed of createOrder, lost of createOrder/)
    assert.match(empty.stderr, /"none\.yaml" has no callbacks and no webhooks/)
  })

  it('names file, line and remedy of each reference that it cannot follow', async () => {
    const { code, stdout, stderr } = await run('broken.yaml')
    assert.deepEqual([code, stdout], [1, ''])
    const lines = stderr.trimEnd().split('\n')
    assert.equal(lines.length, 4, stderr)
    assert.match(lines[0]!, /^broken\.yaml:11:36: "events\.yaml#\/bodies\/Missing" leads nowhere\. Define /)
    assert.match(lines[1]!, /^broken\.yaml:12:\d+: ".*outside.*" leads out of .* To follow it, add --allow-ref \//)
    assert.match(lines[2]!, /^broken\.yaml:17:\d+: .* leads back to what it stands in/)
    assert.match(lines[3]!, /"broken\.yaml" is not whole: mend what is named above$/)
    assert.equal((await run('missing.yaml')).code, 2)
  })

  it('takes the document with every class of mistake, and says that it has some', async () => {
    const { code, stdout, stderr } = await run(here('documents/keys.yaml'))
    assert.equal(code, 0, stderr)
    await assertValid(JSON.parse(stdout))
    assert.match(stderr, /^\d+ mistakes found in the document: "ringback check .*keys\.yaml" tells of them\n$/)
  })

  const roaming = 'camara/DeviceRoamingStatus/code/API_definitions/device-roaming-status-subscriptions.yaml'
  const dialling = 'camara/ClickToDial/code'
  it('takes documents of others as they are', { skip: !existsSync(realDocuments) }, async () => {
    for (const args of [
      [join(realDocuments, roaming)],
      [
        join(realDocuments, dialling, 'API_definitions/click-to-dial.yaml'),
        ...['--allow-ref', join(realDocuments, dialling, 'common')],
      ],
      [join(realDocuments, 'vonage/api-specification/definitions/messages-olympus.yml')],
    ]) {
      const document = await written(...args)
      await assertConforms(document)
      assert.ok(Object.keys(document.paths ?? {}).length > 0)
    }
  })
})
