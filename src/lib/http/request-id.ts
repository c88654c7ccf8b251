import { randomUUID } from 'node:crypto'
import type { Variables } from './request-view.ts'

/** The sent id of a request if nothing but an id can be meant: it goes into logs and responses. */
const WELL_FORMED = /^[\w.=-]{1,128}$/

/** What a request is called in logs and problems: the client's or proxy's `x-request-id`, else a new id. */
export function requestIdOf(header: string | undefined, variables?: Variables): string {
  // Hono's own middleware has decided on one before.
  const decided = variables?.['requestId']
  if (typeof decided === 'string' && WELL_FORMED.test(decided)) return decided
  return header !== undefined && WELL_FORMED.test(header) ? header : randomUUID()
}
