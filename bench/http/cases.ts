import { deepStrictEqual, equal } from 'node:assert/strict'
import type { LoadRequest } from '../load/request-bytes.ts'
import { invoice, invoiceWithItems, upload, uploadedBytes, wrongInvoice, wrongInvoiceWithItems } from './bodies.ts'
import { eventCount } from './events.ts'

/** One request of the benchmark, and its expected response. */
export interface HttpCase {
  readonly name: string
  readonly request: LoadRequest
  readonly status: number
  /** Throws where the body of the response is not as expected. */
  check(body: unknown): void
}

const target = '/invoices/?callback_url=https%3A%2F%2Fwww.external.org%2Fevents'

function post(target: string, body: unknown): LoadRequest {
  return { method: 'POST', target, body: JSON.stringify(body) }
}

function get(target: string): LoadRequest {
  return { method: 'GET', target }
}

const uploaded = (body: unknown) => deepStrictEqual(body, { title: 'Harbour', size: uploadedBytes })
const received = (body: unknown) => deepStrictEqual(body, { msg: 'Invoice received' })
const one = (limit: number) => (body: unknown) => deepStrictEqual(body, { id: 7, limit, msg: 'ok' })

/** All mistakes must be reported; each server does so in its own form. */
const mistakes = (count: number) => (body: unknown) => {
  const { errors, detail } = body as { errors?: unknown[]; detail?: unknown }
  equal((errors ?? (detail as unknown[])).length, count)
}

/** A stream of 1,000 events. */
const ticked = (body: unknown) => {
  const items = Array.from({ length: eventCount }, (_, id) => ({ id, limit: 5, msg: 'ok' }))
  equal(body, items.map(item => `data: ${JSON.stringify(item)}\n\n`).join(''))
}

/** What is measured. */
export const measuredCases: readonly HttpCase[] = [
  { name: 'post', request: post(target, invoice), status: 200, check: received },
  { name: 'get', request: get('/invoices/7?limit=5'), status: 200, check: one(5) },
  { name: '49kb', request: post('/bulk', invoiceWithItems), status: 200, check: received },
  { name: '422', request: post(target, wrongInvoice), status: 422, check: mistakes(3) },
  { name: 'upload', request: { method: 'POST', target: '/files', ...upload }, status: 200, check: uploaded },
  { name: 'events', request: get('/events'), status: 200, check: ticked },
]

/** What else must be right before anything is measured. */
export const checkedCases: readonly HttpCase[] = [
  ...measuredCases,
  { name: 'post without a query', request: post('/invoices/', invoice), status: 200, check: received },
  { name: 'post with a title', request: post(target, { ...invoice, title: 'Payment' }), status: 200, check: received },
  {
    name: 'post with a wrong callback_url',
    request: post('/invoices/?callback_url=nowhere', invoice),
    status: 422,
    check: mistakes(1),
  },
  { name: 'post of something else', request: post(target, null), status: 422, check: mistakes(1) },
  { name: 'get with the default limit', request: get('/invoices/7'), status: 200, check: one(20) },
  { name: 'get over the limit', request: get('/invoices/7?limit=101'), status: 422, check: mistakes(1) },
  { name: 'get without a number', request: get('/invoices/seven'), status: 422, check: mistakes(1) },
  { name: 'get of nothing', request: get('/nothing'), status: 404, check: () => {} },
  { name: '49kb with mistakes', request: post('/bulk', wrongInvoiceWithItems), status: 422, check: mistakes(10) },
]
