import type { OpenApiDocument } from 'ringback/openapi'
import { receiverDocument } from 'ringback/receiver'
import { app as ask } from '../../examples/ask-receiver.ts'
import { app as guide } from '../../examples/guide/generating-clients.ts'
import { app as invoices } from '../../examples/invoices.ts'
import { app as bookings } from '../../examples/value-types.ts'
import { app as customers } from '../../examples/webhooks/app.ts'
import { fuzzedApplication } from '../fuzz/applications.ts'
import { awkwardApplication, nestedApplication } from '../programs/awkward.ts'
import { app as everyContent } from '../programs/every-content.ts'
import { app as orders } from '../programs/large-docs.ts'
import { app as secrets } from '../programs/secrets.ts'
import { shortLeaseApp } from '../programs/short-lease-app.ts'
import { app as uploads } from '../programs/upload-app.ts'
import { app as webhooks } from '../programs/webhooks.ts'
import { foreignDocuments } from '../support/foreign-documents.ts'

/** The documents of the examples, and of all test applications that differ in more than how they deliver. */
export function documentsOfApplications(): Readonly<Record<string, OpenApiDocument>> {
  const apps = { ask, guide, invoices, bookings, everyContent, orders, secrets, uploads, webhooks, customers }
  const made = {
    awkward: awkwardApplication(),
    nested: nestedApplication(),
    fuzzed: fuzzedApplication(),
    shortLease: shortLeaseApp(),
  }
  return Object.fromEntries(Object.entries({ ...apps, ...made }).map(([name, app]) => [name, app.openapi()]))
}

/** Documents of receivers: of our applications, of others, and as webhooks. */
export function documentsOfReceivers(): Readonly<Record<string, OpenApiDocument>> {
  const own = { invoices: invoices.openapi(), nested: nestedApplication().openapi(), webhooks: webhooks.openapi() }
  const all = { ...own, ...foreignDocuments() }
  const made = Object.entries(all).map(([name, document]) => [`${name}Receiver`, receiverDocument(document)] as const)
  return { ...Object.fromEntries(made), invoicesWebhooks: receiverDocument(all.invoices, { as: 'webhooks' }) }
}
