import { SignatureError } from '../../signature/signature-error.ts'
import type { VerifiedMessage } from '../../signature/verify.ts'
import { faultOfType, type RouteFault } from './fault-of-type.ts'
import { type BodyFault, judgeBody } from './judge-body.ts'
import type { KnownMessages } from './known-messages.ts'
import { matchRoutes } from './match-routes.ts'
import type { MessageRoute } from './message-route.ts'
import type { Judged, Received, Reply } from './received.ts'
import { problem } from './replies.ts'
import type { Verifier } from './verifier.ts'

/** By what requests are judged. */
export interface Judge {
  readonly routes: readonly MessageRoute[]
  readonly verifier: Verifier
  readonly known: KnownMessages
  readonly now: () => number
}

/** A request that is as it must be, and that was not handled before. */
export interface Accepted {
  readonly route: MessageRoute
  readonly id: string | undefined
}

/** Judges a request: where it goes, whether it is genuine, whether it came before, whether it is as declared. */
export function judgeRequest(received: Received, judge: Judge): Judged | Accepted {
  const path = received.target.split('?', 1)[0] ?? ''
  const { routes, otherMethods } = matchRoutes(judge.routes, received.method, path)
  if (routes.length === 0) return noRoute(received, otherMethods)
  const verified = verifiedBy(received, judge)
  if (verified instanceof SignatureError) {
    const [route] = routes
    return refused(problem(401, verified.message), verified.message, { route })
  }
  // Who does not verify still tells repeated messages apart.
  const id = verified?.id ?? textOf(received.headers['webhook-id'])
  const earlier = id === undefined ? undefined : judge.known.find(id)
  if (earlier !== undefined) return repeated(id!, earlier)
  const faults: RouteFault[] = []
  for (const route of routes) {
    const fault = faultOf(route, received)
    if (fault === undefined) return { route, id }
    faults.push({ route, fault })
  }
  const { route, fault } = faultOfType(faults, received.body)
  return refused(problem(fault.status, fault.detail, fault.errors), fault.detail, { route, id })
}

const refused = (reply: Reply, words: string, more: Pick<Judged, 'route' | 'id'> = {}): Judged => ({
  reply,
  words,
  isAccepted: false,
  ...more,
})

function noRoute({ method, target }: Received, otherMethods: readonly string[]): Judged {
  if (otherMethods.length === 0) {
    const words = `The document has no callback or webhook that is sent to "${target.split('?', 1)[0]}"`
    return refused(problem(404, words), words)
  }
  const words = `${method} is not declared there; declared: ${otherMethods.join(', ')}`
  const reply = problem(405, words)
  return refused({ ...reply, headers: { ...reply.headers, allow: otherMethods.join(', ') } }, words)
}

function verifiedBy({ headers, body }: Received, judge: Judge): VerifiedMessage | undefined | SignatureError {
  try {
    return judge.verifier(headers, body, judge.now())
  } catch (error) {
    if (error instanceof SignatureError) return error
    throw error
  }
}

function repeated(id: string, { number, reply }: { readonly number: number; readonly reply?: Reply }): Judged {
  if (reply !== undefined)
    return {
      reply,
      words: `the same as ${number} again, with the same response`,
      isAccepted: true,
      id,
      repeats: number,
    }
  const words = `the same as ${number}, which is still being handled`
  const busy = problem(409, words)
  return {
    reply: { ...busy, headers: { ...busy.headers, 'retry-after': '1' } },
    words,
    isAccepted: false,
    id,
    repeats: number,
  }
}

function faultOf(route: MessageRoute, { headers, body, target }: Received): BodyFault | undefined {
  const query = new URL(target, 'http://localhost').searchParams
  for (const { in: place, name, required } of route.message.parameters) {
    if (!required || place === 'path' || /^webhook-/i.test(name)) continue
    const isThere = place === 'query' ? query.has(name) : headers[name.toLowerCase()] !== undefined
    if (!isThere) return { status: 422, detail: `The ${place} parameter "${name}" is missing`, errors: [] }
  }
  return judgeBody(route, textOf(headers['content-type']), body)
}

const textOf = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value)
