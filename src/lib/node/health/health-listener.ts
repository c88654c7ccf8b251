import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Health, Reasons } from './health.ts'

/** The paths at which orchestrators ask; the first is for those that know only one. */
const checks: Readonly<Record<string, (health: Health) => Reasons | Promise<Reasons>>> = {
  '/healthz': health => health.ready(),
  '/healthz/ready': health => health.ready(),
  '/healthz/live': health => health.alive(),
}

/** Whether a request asks how the process is. */
export function asksForHealth({ url = '' }: IncomingMessage): boolean {
  return Object.hasOwn(checks, pathOf(url))
}

/** Responds to a request for the health of the process: 200 where it is well, 503 with the reasons where it is not. */
export async function respondWithHealth(
  health: Health,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  incoming.resume()
  const { method, url = '' } = incoming
  if (method !== 'GET' && method !== 'HEAD') return write(outgoing, 405, { allow: 'GET, HEAD' })
  const check = asksForHealth(incoming) ? checks[pathOf(url)] : undefined
  if (check === undefined) return write(outgoing, 404)
  const reasons = await check(health)
  const isWell = reasons.length === 0
  const body = isWell ? { status: 'ok' } : { status: 'unavailable', reasons }
  write(outgoing, isWell ? 200 : 503, { 'content-type': 'application/json' }, JSON.stringify(body))
}

const pathOf = (url: string): string => url.split('?', 1)[0]!

function write(outgoing: ServerResponse, status: number, headers: Record<string, string> = {}, body = ''): void {
  outgoing.writeHead(status, { ...headers, 'cache-control': 'no-store', 'content-length': Buffer.byteLength(body) })
  outgoing.end(outgoing.req.method === 'HEAD' ? undefined : body)
}
