import { callback } from 'ringback'
import { z } from 'zod'

/** What the examples beside this file share: an invoice, the request that makes one, and the callback that tells of it. */
export const Invoice = z.object({ id: z.string(), total: z.int() }).meta({ id: 'Invoice' })

export const invoiceCreated = callback.post('{$callback_url}/invoices/{$request.body.id}', { body: Invoice })

export const creation = {
  query: z.object({ callback_url: z.url() }),
  body: Invoice,
  status: 204,
  callbacks: { invoiceCreated },
} as const

/** What every application of these examples needs. */
export interface Settings {
  readonly database: string
  readonly masterSecret: string
}
