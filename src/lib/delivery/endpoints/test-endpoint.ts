import { DestinationRefusedError } from '../../destination/destination-refused-error.ts'
import { CallbackTimeoutError } from '../../destination/transport/callback-timeout-error.ts'
import { CallbackUnreachableError } from '../../destination/transport/callback-unreachable-error.ts'
import type { IncomingResponse, Transport } from '../../destination/transport/transport.ts'
import type { AttemptHeaders } from '../attempt/attempt-headers.ts'
import { sendWithHeaders } from '../attempt/attempt-headers.ts'
import { AttemptHeadersError } from '../attempt/attempt-headers-error.ts'
import type { CallLine } from '../attempt/call-line.ts'
import { loopHeader } from '../attempt/own-loop.ts'
import type { ResponseCheck } from '../attempt/response-check.ts'
import { engineHeaders } from '../attempt/run-attempt.ts'
import type { DeliveryRequest } from '../delivery-request.ts'
import type { DeliverySigner } from '../keys/delivery-signer.ts'
import { contentTypeOf } from '../prepare-delivery.ts'
import type { Endpoints, TestResult } from './endpoint.ts'
import { endpointHeaders } from './endpoint-headers.ts'
import type { EndpointRegistry } from './endpoint-registry.ts'
import type { StoredEndpoint } from './endpoint-store.ts'
import { InvalidEndpointError } from './errors/invalid-endpoint-error.ts'

/** What a test is sent with. */
export interface TestEndpointContext {
  readonly transport: Transport
  readonly signer: DeliverySigner
  readonly line: CallLine
  readonly responseCheck: ResponseCheck
  readonly attemptHeaders: AttemptHeaders | undefined
}

const testMs = 15_000
const shownBytes = 2_048

/**
 * Sends the example of an event now, once. The id begins with `test_`, and that is signed, so a receiver can tell. It
 * counts for nothing.
 */
export function createTestEndpoint(registry: EndpointRegistry, context: TestEndpointContext): Endpoints['test'] {
  const { catalogue, clock } = registry.context
  return async (id, { owner, event }) => {
    if (!catalogue.events.has(event)) throw new InvalidEndpointError('/event', 'there is no such event')
    const stored = await registry.find(id, owner)
    const request = await catalogue.example(event)
    if (request === undefined) throw new InvalidEndpointError('/event', 'the event has no example that could be sent')
    const webhookId = `test_${registry.context.makeId().slice('msg_'.length)}_${stored.tag}`
    const startedAt = clock.now()
    const result = await sendTest(registry, context, { stored, request, webhookId })
    return { webhookId, ...result, durationMs: clock.now() - startedAt }
  }
}

/** A test that is to be sent. */
interface Test {
  readonly stored: StoredEndpoint
  readonly request: DeliveryRequest
  readonly webhookId: string
}

type Result = Omit<TestResult, 'webhookId' | 'durationMs'>

async function sendTest(registry: EndpointRegistry, context: TestEndpointContext, test: Test): Promise<Result> {
  const { signer, line, transport, attemptHeaders, responseCheck } = context
  const { clock } = registry.context
  const { stored, request, webhookId } = test
  const { url, id, owner } = stored
  const secrets = registry.open(stored)
  const bytes = request.body?.length ?? 0
  try {
    const response = await line.run({ origin: stored.origin, timeoutMs: testMs, bytes }, leftMs => {
      const signed = endpointHeaders(signer, secrets, { webhookId, body: request.body, now: clock.now() })
      const headers = {
        ...engineHeaders(contentTypeOf(request)),
        ...request.headers,
        ...signed.headers,
        ...loopHeader(signer.masterSecrets),
      }
      const endpoint = { id, owner, secrets: signed.secrets }
      const call = { url, recipient: undefined, endpoint, body: request.body, headers, lastStatus: undefined }
      return sendWithHeaders(attemptHeaders, call, { clock, timeoutMs: leftMs, signal: undefined }, (all, timeoutMs) =>
        transport.send(
          { method: 'POST', url, headers: all, body: request.body },
          { timeoutMs, responseLimitBytes: shownBytes, destination: { url, recipient: id } },
        ),
      )
    })
    return responded(response, await isDeclared(responseCheck, request, response))
  } catch (error) {
    return unanswered(error)
  }
}

async function isDeclared(check: ResponseCheck, request: DeliveryRequest, response: IncomingResponse) {
  const isAccepted = response.status >= 200 && response.status < 300
  if (!isAccepted || response.bodyTruncated) return undefined
  const responses = request.responses && JSON.stringify(request.responses)
  return check.isDeclared(responses, response.status, response.body, request)
}

function responded({ status, body }: IncomingResponse, responseValid: boolean | undefined): Result {
  const outcome = status >= 200 && status < 300 ? 'accepted' : 'rejected'
  const shown = new TextDecoder().decode(body.subarray(0, shownBytes))
  const detail = outcome === 'accepted' ? 'The endpoint accepted it' : `The endpoint responded with ${status}`
  return { outcome, status, responseValid: responseValid ?? null, responseBody: shown, detail }
}

/** Without a response. The text is the same for every refused name and address, and tells no address. */
function unanswered(error: unknown): Result {
  const none = { status: null, responseValid: null, responseBody: null }
  if (error instanceof DestinationRefusedError) return { ...none, outcome: 'refused', detail: error.message }
  if (error instanceof CallbackTimeoutError)
    return { ...none, outcome: 'timed-out', detail: `No response came within ${testMs / 1_000} s` }
  if (error instanceof CallbackUnreachableError)
    return { ...none, outcome: 'unreachable', detail: 'There was no connection, or it broke' }
  if (error instanceof AttemptHeadersError)
    return { ...none, outcome: 'unreachable', detail: 'The sender could not make the headers of the request' }
  throw error
}
