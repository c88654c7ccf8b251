import { deepStrictEqual, equal } from 'node:assert/strict'
import type { LoadRequest } from '../load/request-bytes.ts'
import { invoice, invoiceWithItems, wrongInvoice, wrongInvoiceWithItems } from './bodies.ts'

/** One request of the benchmark, and how it must be answered. */
export interface HttpCase {
  readonly name: string
  readonly request: LoadRequest
  readonly status: number
  /** Throws where the answer's body is not as it must be. */
  check(body: unknown): void
}

const target = '/invoices/?callback_url=https%3A%2F%2Fwww.external.org%2Fevents'

function post(name: string, target: string, body: unknown, status: number, check: HttpCase['check']): HttpCase {
  return { name, request: { method: 'POST', target, body: JSON.stringify(body) }, status, check }
}

function get(name: string, target: string, status: number, check: HttpCase['check']): HttpCase {
  return { name, request: { method: 'GET', target }, status, check }
}

const received = (body: unknown) => deepStrictEqual(body, { msg: 'Invoice received' })
const one = (limit: number) => (body: unknown) => deepStrictEqual(body, { id: 7, limit, msg: 'ok' })

/** All mistakes must be told; each server names them in its own form. */
const mistakes = (count: number) => (body: unknown) => {
  const { errors, detail } = body as { errors?: unknown[]; detail?: unknown }
  equal((errors ?? (detail as unknown[])).length, count)
}

/** What is measured. */
export const measuredCases: readonly HttpCase[] = [
  post('post', target, invoice, 200, received),
  get('get', '/invoices/7?limit=5', 200, one(5)),
  post('49kb', '/bulk', invoiceWithItems, 200, received),
  post('422', target, wrongInvoice, 422, mistakes(3)),
]

/** What else must be right before anything is measured. */
export const checkedCases: readonly HttpCase[] = [
  ...measuredCases,
  post('post without a query', '/invoices/', invoice, 200, received),
  post('post with a title', target, { ...invoice, title: 'Payment' }, 200, received),
  post('post with a wrong callback_url', '/invoices/?callback_url=nowhere', invoice, 422, mistakes(1)),
  post('post of something else', target, null, 422, mistakes(1)),
  get('get with the default limit', '/invoices/7', 200, one(20)),
  get('get over the limit', '/invoices/7?limit=101', 422, mistakes(1)),
  get('get without a number', '/invoices/seven', 422, mistakes(1)),
  get('get of nothing', '/nothing', 404, () => {}),
  post('49kb with mistakes', '/bulk', wrongInvoiceWithItems, 422, mistakes(10)),
]
