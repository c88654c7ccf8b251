import { randomUUID } from 'node:crypto'
import type { Variables } from './request-view.ts'
import type { ForwardedRequest } from './trusted-proxies.ts'

/** The sent id of a request if nothing but an id can be meant: it goes into logs and responses. */
const WELL_FORMED = /^[\w.=-]{1,128}$/

/**
 * What a request is called in logs and problems: what middleware or else a trusted proxy has called it, else a new id.
 * A client could give its request the id of another one.
 */
export function requestIdOf(forwarded: ForwardedRequest | undefined, variables?: Variables): string {
  // Hono's own middleware has decided on one before.
  const decided = variables?.['requestId']
  if (typeof decided === 'string' && WELL_FORMED.test(decided)) return decided
  const sent = forwarded?.requestId
  return sent !== undefined && WELL_FORMED.test(sent) ? sent : randomUUID()
}
