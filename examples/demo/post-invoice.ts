import { STATUS_CODES } from 'node:http'
import type { Stage } from './stage.ts'

/** A request to the API and its response. */
export interface PostedInvoice {
  /** The request as HTTP/1.1 writes it. */
  readonly request: readonly string[]
  readonly status: number
  /** The end of the status line: `200 OK`. */
  readonly statusText: string
  readonly body: string
  /** From the request to the response. */
  readonly tookMs: number
  /** By `performance.now()`. */
  readonly respondedAt: number
}

/** Sends an invoice to the API, as any HTTP client would. */
export async function postInvoice(
  { api, signal }: Stage,
  callbackUrl: string,
  invoice: string,
): Promise<PostedInvoice> {
  const path = `/invoices/?callback_url=${callbackUrl}`
  const headers = { 'content-type': 'application/json' }
  const sentAt = performance.now()
  const response = await fetch(api.url + path, { method: 'POST', headers, body: invoice, signal })
  const body = await response.text()
  const respondedAt = performance.now()
  return {
    request: [`POST ${path}`, 'content-type: application/json', '', invoice],
    status: response.status,
    statusText: `${response.status} ${STATUS_CODES[response.status]}`,
    body,
    tookMs: respondedAt - sentAt,
    respondedAt,
  }
}
