import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import type { Ringback } from 'ringback'
import type { OpenApiDocument } from 'ringback/openapi'
import { testClient } from 'ringback/testing'
import { app as invoices } from '../../examples/invoices.ts'
import { app as bookings } from '../../examples/value-types.ts'
import * as source from '../../src/testing.ts'
import { fuzzedApplication } from '../fuzz/applications.ts'
import { awkwardApplication, nestedApplication } from '../programs/awkward.ts'
import { app as everyContent } from '../programs/every-content.ts'
import { app as orders } from '../programs/large-docs.ts'
import { app as uploads } from '../programs/upload-app.ts'
import { EncodedBody } from './encoded-body.ts'
import { type DocumentedOperation, type GeneratedRequest, operationsOf, requestOf } from './request-of.ts'
import { spoilt } from './spoilt.ts'

// Requests made from the documents of the test applications alone. CI makes more, and by hand for longer:
// RINGBACK_GENERATED_RUNS=2000 node --test test/generated/generated-requests.test.ts
const numRuns = Number(process.env['RINGBACK_GENERATED_RUNS'] ?? 5)
/** The same requests each time, unless somebody asks for others. */
const seed = Number(process.env['RINGBACK_GENERATED_SEED'] ?? 7)

interface Client extends AsyncDisposable {
  request(
    method: string,
    path: string,
    request: { headers: Record<string, string>; body?: BodyInit },
  ): Promise<Response>
}

/** An application, which the document alone describes here. Of operations that look alike one is enough. */
interface Subject {
  readonly document: OpenApiDocument
  readonly client: () => Promise<Client>
  readonly skipped?: RegExp
}

const fuzzed = fuzzedApplication()
const subject = (app: Ringback, skipped?: RegExp): Subject => ({
  document: app.openapi(),
  client: () => testClient(app),
  ...(skipped && { skipped }),
})
const subjects: Readonly<Record<string, Subject>> = {
  invoices: subject(invoices),
  bookings: subject(bookings),
  awkward: subject(awkwardApplication()),
  nested: subject(nestedApplication()),
  everyContent: subject(everyContent, /images/),
  uploads: subject(uploads),
  // No generator knows the assertions in the patterns of every kind.
  orders: subject(orders, /orders-(?!1\/)|kinds/),
  fuzzed: { document: fuzzed.openapi(), client: () => source.testClient(fuzzed), skipped: /^\/middle|\/form\/files$/ },
}

const ajv = new Ajv2020({ strict: false, validateFormats: false })

for (const [name, { document, client, skipped }] of Object.entries(subjects))
  describe(`Requests made from the document of ${name}`, () => {
    const operations = operationsOf(document).filter(({ path }) => skipped?.test(path) !== true)
    const whole = structuredClone(document) as object
    for (const operation of operations) {
      const { method, path, bodySchema } = operation
      const checked = bodySchema && ajv.compile({ ...whole, ...bodySchema })

      it(`${method} ${path}: what fits never gives a 500 or an undocumented status`, async () => {
        await using asked = await client()
        let taken = 0
        await fc.assert(
          fc.asyncProperty(requestOf(operation, document), async request => {
            const response = await ask(asked, operation, request)
            assertDocumented(operation, response, await response.text())
            if (response.status < 400) taken += 1
          }),
          { numRuns, seed, endOnFailure: true },
        )
        assert.ok(taken > 0, 'no request was taken')
      })

      if (checked === undefined) continue
      it(`${method} ${path}: what does not fit never gives a 2xx`, async () => {
        await using asked = await client()
        const wrong = requestOf(operation, document)
          .chain(request => spoilt(request.body).map(body => ({ ...request, body })))
          .filter(({ body }) => !checked(body))
        await fc.assert(
          fc.asyncProperty(wrong, async request => {
            const response = await ask(asked, operation, request)
            assert.ok(response.status >= 400 && response.status < 500, `${response.status}: ${await response.text()}`)
          }),
          { numRuns, seed, endOnFailure: true },
        )
      })
    }
  })

function ask(client: Client, { method }: DocumentedOperation, request: GeneratedRequest): Promise<Response> {
  const { url, headers, body } = request
  const authorization = { authorization: 'Bearer token' }
  if (body === undefined) return client.request(method, url, { headers: { ...authorization, ...headers } })
  if (body instanceof EncodedBody) {
    const { type, bytes } = body
    const contentType = type === undefined ? {} : { 'content-type': type }
    return client.request(method, url, { headers: { ...authorization, ...headers, ...contentType }, body: bytes })
  }
  return client.request(method, url, {
    headers: { ...authorization, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}

/** A status of its own in the document, or a client's mistake that any operation may be told of. */
function assertDocumented({ operation }: DocumentedOperation, { status }: Response, text: string): void {
  const listed = Object.hasOwn(operation.responses ?? {}, status)
  assert.ok(listed || (status >= 400 && status < 500), `${status} is not documented: ${text}`)
  assert.notEqual(status, 500, text)
}
