import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { callback, Ringback, webhook } from 'ringback'
import type { OpenApiDocument } from 'ringback/openapi'
import { receiverDocument } from 'ringback/receiver'
import { z } from 'zod'
import { documentsOfApplications } from '../clients/documents.ts'
import { assertLinted, assertValid } from '../support/check-document.ts'
import { foreignDocuments } from '../support/foreign-documents.ts'

describe('The receiver document', () => {
  const documents: Record<string, OpenApiDocument> = {}
  after(() => assertLinted(documents))

  for (const [name, document] of Object.entries({ ...documentsOfApplications(), ...foreignDocuments() }))
    it(`of ${name} is valid, as paths and as webhooks`, async () => {
      const paths = receiverDocument(document)
      documents[name] = paths
      await assertValid(paths)
      if (!paths.openapi.startsWith('3.0')) await assertValid(receiverDocument(document, { as: 'webhooks' }))
    })

  it('is served by the application, unless it is switched off', async () => {
    const query = z.object({ callback_url: z.url() })
    const app = new Ringback({ title: 'A', version: '1', webhooks: { late: webhook.post({ data: z.string() }) } })
    app.post('/a', { query, callbacks: { paid: callback.post('{$callback_url}/paid', {}) } }, async () => {})
    const get = (path: string) => app.fetch(new Request(`http://localhost${path}`))
    const document = await (await get('/openapi.receiver.json')).json()
    assert.deepEqual(document, JSON.parse(JSON.stringify(receiverDocument(app.openapi()))))
    assert.deepEqual(Object.keys(document.paths), ['/paid', '/'])
    const { webhooks } = await (await get('/openapi.receiver.json?as=webhooks')).json()
    assert.deepEqual(Object.keys(webhooks), ['paid', 'late'])
    for (const docs of [false, { receiverDocument: false }, { openapi: false }] as const) {
      const hidden = new Ringback({ title: 'A', version: '1', docs })
      assert.equal((await hidden.fetch(new Request('http://localhost/openapi.receiver.json'))).status, 404)
    }
  })
})
