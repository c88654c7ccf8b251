import assert from 'node:assert/strict'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { runTool } from '../../scripts/run-tool.ts'
import { documentsOfApplications, documentsOfReceivers } from './documents.ts'
import { generators } from './generators.ts'

// Clients of all documents, checked by one run of the compiler, which takes most of the time.
const documents = { ...documentsOfApplications(), ...documentsOfReceivers() }
let folder = ''
let errors: readonly string[] = []

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringback-clients-'))
  const modules = join(import.meta.dirname, '../../node_modules')
  await symlink(modules, join(folder, 'node_modules'))
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['**/*.ts'] }))
  for (const [generator, generate] of Object.entries(generators))
    for (const [name, document] of Object.entries(documents)) await generate(document, join(folder, generator, name))
  await writeFile(join(folder, 'handlers.ts'), HANDLERS)
  errors = runTool('tsc', ['-p', '.', '--pretty', 'false'], folder).output.split('\n').filter(Boolean)
})
after(() => rm(folder, { recursive: true }))

/** What receivers write with the generated types. */
const HANDLERS = `
import type { CreateInvoiceInvoiceNotificationData, CreateInvoiceInvoiceNotificationResponses } from './heyApi/invoicesReceiver/types.gen'
import { zCreateInvoiceInvoiceNotificationBody } from './heyApi/invoicesReceiver/zod.gen'
import type { CreateInvoiceInvoiceNotificationWebhookPayload } from './heyApi/invoicesWebhooks/types.gen'
import type { operations } from './openapiTypeScript/invoicesReceiver/schema'
import type { operations as webhooks } from './openapiTypeScript/invoicesWebhooks/schema'

import type { InvoicePaidWebhook, ReceiveWebhookData, ReceiveWebhookResponses, WebhookMessage } from './heyApi/webhooksReceiver/types.gen'
import type { components } from './openapiTypeScript/webhooks/schema'
import type { operations as webhookOperations } from './openapiTypeScript/webhooksReceiver/schema'

type Body = operations['createInvoiceInvoiceNotification']['requestBody']['content']['application/json']
type Sent = webhooks['createInvoiceInvoiceNotification']['requestBody']['content']['application/json']

export function handle({ body, path, headers }: CreateInvoiceInvoiceNotificationData): CreateInvoiceInvoiceNotificationResponses[200] {
  const same: Body & Sent & CreateInvoiceInvoiceNotificationWebhookPayload = body
  const text: string = path.id + headers['webhook-id'] + zCreateInvoiceInvoiceNotificationBody.parse(same).description
  return { ok: text !== '' && body.paid }
}

type Message = components['schemas']['WebhookMessage']
type Received = webhookOperations['receiveWebhook']['requestBody']['content']['application/json']

/** The type of an event says what its data is. */
export function hear({ body, headers }: ReceiveWebhookData): ReceiveWebhookResponses[200] {
  const same: Received = body
  const id: string = headers['webhook-id']
  if ('celsius' in same) return { taken: same.celsius > 0 }
  const message: Message & WebhookMessage = same
  if (message.type === 'invoice.paid') {
    const paid: InvoicePaidWebhook = message
    return { taken: paid.data.lines.every(({ cents }) => cents > 0) }
  }
  if (message.type === 'invoice.paid.v2') return { taken: message.data.invoice.id !== id }
  return { taken: message.type === 'order.asked' ? message.data.order !== id : message.data.id !== '' }
}
// @ts-expect-error: there is no such event
export const unknown: Message['type'] = 'secret'
// @ts-expect-error: it is a boolean
export const wrong: Body = { description: '', paid: 'yes' }
`

/** As users have it who bundle their client. */
const compilerOptions = {
  strict: true,
  noEmit: true,
  target: 'esnext',
  module: 'preserve',
  lib: ['esnext', 'dom', 'dom.iterable'],
  types: [],
  skipLibCheck: true,
}

for (const generator of Object.keys(generators))
  describe(`Clients that ${generator} generates`, () => {
    for (const name of Object.keys(documents))
      it(`compile for ${name}`, () => {
        assert.deepEqual(
          errors.filter(error => error.startsWith(`${generator}/${name}/`)),
          [],
        )
      })
  })

it('The compiler complains about nothing else', () => {
  assert.deepEqual(
    errors.filter(error => !/^\w+\/\w+\//.test(error)),
    [],
  )
})
