import { z } from 'zod'
import { endpointRoutes } from '../../src/lib/app/endpoints/endpoint-routes.ts'
import type { EndpointRoutesOptions } from '../../src/lib/app/endpoints/endpoint-routes-options.ts'
import { Ringback } from '../../src/lib/app/ringback.ts'
import type { RingbackOptions } from '../../src/lib/app/ringback-options.ts'
import { dependency } from '../../src/lib/operation/dependency-definition.ts'
import { webhook } from '../../src/lib/operation/webhook-definition.ts'
import type { TestClient } from '../../src/lib/testing/test-client.ts'

const Paid = z.object({ invoice_id: z.string() })

export const invoiceWebhooks = {
  'invoice.created': webhook.post({ data: Paid, example: { invoice_id: '2expen51ve' } }),
  'invoice.paid': webhook.post({ data: Paid, summary: 'An invoice was paid' }),
  'invoice.audited': webhook.post({ data: Paid, documented: false }),
}

/** The tenant in a header, as a gateway puts it there. */
export const tenant = dependency(
  { headers: z.object({ 'x-tenant': z.string().optional() }) },
  ({ headers }) => headers['x-tenant'] ?? '',
)

/** An application whose customers look after their endpoints below `/webhooks`. */
export function invoiceApp(routes: Partial<EndpointRoutesOptions> = {}, options: Partial<RingbackOptions> = {}) {
  const app = new Ringback({ title: 'Invoices', version: '1.0.0', ...options, webhooks: invoiceWebhooks })
  app.include(endpointRoutes({ owner: tenant, prefix: '/webhooks', ...routes }))
  return app
}

/** A response that has been read. */
export interface Told {
  readonly status: number
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever comes
  readonly body: any
  readonly headers: Headers
}

/** How a tenant calls the operations. */
export type Call = (method: string, path: string, json?: unknown, headers?: Record<string, string>) => Promise<Told>

/** The calls of one tenant. */
export function as(client: TestClient, name: string): Call {
  return async (method, path, json, headers = {}) => {
    const request = { headers: { 'x-tenant': name, ...headers }, ...(json !== undefined && { json }) }
    const response = await client.request(method, `/webhooks${path}`, request)
    const text = await response.text()
    return {
      status: response.status,
      text,
      body: text === '' ? undefined : JSON.parse(text),
      headers: response.headers,
    }
  }
}

/** What registers an endpoint. */
export const newEndpoint = (url = 'https://www.external.org/hooks', events: readonly string[] = ['*']) => ({
  url,
  events,
})
