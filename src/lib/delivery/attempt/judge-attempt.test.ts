import assert from 'node:assert/strict'
import { test } from 'node:test'
import { healthRulesOf } from '../endpoints/endpoint-rules.ts'
import { judgeAttempt } from './judge-attempt.ts'
import type { AttemptEnd, OpenedDelivery } from './run-attempt.ts'

const delivery: OpenedDelivery = {
  lane: 'known',
  id: 'msg_1',
  token: 1,
  operation: 'o',
  callback: 'c',
  method: 'POST',
  url: 'https://a.example/',
  destination: 'https://a.example/',
  origin: 'https://a.example',
  recipient: 'r',
  destinationHash: 'HI9jg8m1QEXokm12',
  secretVersions: [1],
  contentType: undefined,
  content: new Uint8Array(),
  isBodySealed: false,
  headers: undefined,
  body: undefined,
  responses: undefined,
  retryDelaysSeconds: [0, 5, 300],
  finalStatuses: [410],
  timeoutMs: 15_000,
  retryOnInvalidResponse: false,
  hasOnResponse: false,
  traceParent: undefined,
  createdAt: 0,
  attemptNumber: 1,
  expiresAt: undefined,
  retriesUsed: 0,
  lastStatus: undefined,
  abandonedInARow: 0,
}
const context = {
  healthRules: healthRulesOf(),
  now: 0,
  random: () => 0,
  responseValid: true,
  responseLeaseMs: undefined,
  failedLeaseMs: 60_000,
}

function withResponse(status: number, headers: Record<string, string> = {}): AttemptEnd {
  const response = { status, headers, body: new Uint8Array(), bodyTruncated: false, address: '192.0.2.1' }
  return { outcome: status >= 200 && status < 300 ? 'accepted' : 'rejected', response, error: undefined }
}

function withoutResponse(
  outcome: 'unreachable' | 'timed-out' | 'refused' | 'abandoned',
  permanent = false,
): AttemptEnd {
  return { outcome, response: undefined, error: 'A reason', permanent, fault: undefined }
}

/** What becomes of a first attempt that ends so. */
function next(end: AttemptEnd, given: Partial<OpenedDelivery> = {}, valid = true) {
  return judgeAttempt({ ...delivery, ...given }, end, { ...context, responseValid: valid }).next
}

const failed = { state: 'failed', failedLeaseMs: 60_000 }
const retry = (delayMs: number) => ({ state: 'scheduled', delayMs, usesRetry: true })

test('judgeAttempt delivers with any 2xx, and marks whether it is as declared', () => {
  const delivered = { state: 'delivered', responseLeaseMs: undefined }
  assert.deepEqual(next(withResponse(204)), { ...delivered, responseValid: true })
  assert.deepEqual(next(withResponse(200), {}, false), { ...delivered, responseValid: false })
})

test('judgeAttempt sends again after a response that is not declared only where that is asked for', () => {
  const given = { retryOnInvalidResponse: true }
  assert.deepEqual(next(withResponse(200), given, false), retry(5_000))
  assert.equal(next(withResponse(200), { ...given, retriesUsed: 2 }, false).state, 'delivered')
})

test('judgeAttempt follows the schedule for every other status, redirects too', () => {
  for (const status of [301, 400, 404, 500, 503]) assert.deepEqual(next(withResponse(status)), retry(5_000))
  assert.deepEqual(next(withResponse(500), { retriesUsed: 1 }), retry(300_000))
  assert.deepEqual(next(withResponse(500), { retriesUsed: 2 }), failed)
})

test('judgeAttempt fails a delivery at once with a final status', () => {
  assert.deepEqual(next(withResponse(410)), failed)
  assert.deepEqual(next(withResponse(410), { finalStatuses: [] }), retry(5_000))
  for (const status of [301, 400, 429, 503])
    assert.deepEqual(next(withResponse(status), { finalStatuses: [301, 400, 429, 503] }), failed)
  assert.equal(next(withResponse(200), { finalStatuses: [200] }).state, 'delivered')
})

test('judgeAttempt waits at least 60 s after 429 and time-outs, and what Retry-After asks for', () => {
  assert.deepEqual(next(withResponse(429)), retry(60_000))
  assert.deepEqual(next(withoutResponse('timed-out')), retry(60_000))
  assert.deepEqual(next(withResponse(503, { 'retry-after': '90' })), retry(90_000))
  assert.deepEqual(next(withResponse(429, { 'retry-after': '1' })), retry(60_000))
  assert.deepEqual(next(withResponse(503, { 'retry-after': '90' }), { retriesUsed: 1 }), retry(300_000))
})

test('judgeAttempt follows the schedule where no response came, and blocks what the URL alone refuses', () => {
  assert.deepEqual(next(withoutResponse('unreachable')), retry(5_000))
  assert.deepEqual(next(withoutResponse('refused')), retry(5_000))
  assert.deepEqual(next(withoutResponse('refused', true)), { state: 'blocked', failedLeaseMs: 60_000 })
})

test('judgeAttempt uses up no retry for an abandoned attempt', () => {
  assert.deepEqual(next(withoutResponse('abandoned'), { retriesUsed: 2 }), {
    state: 'scheduled',
    delayMs: 0,
    usesRetry: false,
  })
})

test('judgeAttempt lets an attempt without headers wait ever longer, and use up a wait after ten in a row', () => {
  const end: AttemptEnd = { ...withoutResponse('abandoned'), ofHeaders: true } as AttemptEnd
  const free = (delayMs: number) => ({ state: 'scheduled', delayMs, usesRetry: false })
  assert.deepEqual(next(end), free(1_000))
  assert.deepEqual(next(end, { abandonedInARow: 1 }), free(2_000))
  assert.deepEqual(next(end, { abandonedInARow: 9, retriesUsed: 2 }), free(512_000))
  assert.deepEqual(next(end, { abandonedInARow: 10 }), retry(5_000))
  assert.deepEqual(next(end, { abandonedInARow: 10, retriesUsed: 2 }), failed)
  assert.deepEqual(next(withoutResponse('abandoned'), { abandonedInARow: 10 }), free(0))
})

test('judgeAttempt lets an abandoned attempt wait for as long as it says', () => {
  const end: AttemptEnd = {
    response: undefined,
    outcome: 'abandoned',
    error: 'A reason',
    permanent: false,
    fault: undefined,
    delayMs: 1_000,
  }
  assert.deepEqual(next(end, { retriesUsed: 2 }), { state: 'scheduled', delayMs: 1_000, usesRetry: false })
})

test('judgeAttempt tells the destination of every response, and the origin of what says something of the host', () => {
  const signals = (end: AttemptEnd) => {
    const { destinationSignal, originSignal } = judgeAttempt(delivery, end, context)
    return [destinationSignal?.kind, originSignal?.kind]
  }
  assert.deepEqual(signals(withResponse(200)), ['success', 'success'])
  assert.deepEqual(signals(withResponse(500)), ['failure', 'success'])
  for (const status of [429, 502, 503, 504]) assert.deepEqual(signals(withResponse(status)), ['slow', 'success'])
  assert.deepEqual(signals(withoutResponse('timed-out')), ['slow', undefined])
  const unreachable = { ...withoutResponse('unreachable'), response: undefined } as AttemptEnd & { response: undefined }
  assert.deepEqual(signals({ ...unreachable, ofHost: true }), ['failure', 'failure'])
  assert.deepEqual(signals({ ...unreachable, ofHost: false }), ['failure', undefined])
  assert.deepEqual(signals({ ...unreachable, fault: new Error('Not the receiver’s') }), [undefined, undefined])
  assert.deepEqual(signals(withoutResponse('refused')), ['failure', undefined])
  assert.deepEqual(signals(withoutResponse('refused', true)), [undefined, undefined])
  assert.deepEqual(signals(withoutResponse('abandoned')), [undefined, undefined])
})

test('judgeAttempt keeps the response with its credentials masked, in memory of its own', () => {
  const body = new Uint8Array(new ArrayBuffer(1_000), 10, 3).fill(7)
  const end = withResponse(200, { 'set-cookie': 'session=1', 'x-id': '2' })
  if (end.response === undefined) return assert.fail('Expected a response')
  const settlement = judgeAttempt(delivery, { ...end, response: { ...end.response, body } }, context)
  assert.equal(settlement.response?.headers, '{"set-cookie":"***","x-id":"2"}')
  assert.equal(settlement.response?.body.buffer.byteLength, 3)
  assert.deepEqual([...(settlement.response?.body ?? [])], [7, 7, 7])
})

test('judgeAttempt keeps all of a response that delivered, and the beginning of any other', () => {
  const headers = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x-${index}`, 'v'.repeat(100)]))
  const long = (status: number): AttemptEnd => {
    const response = { status, headers, body: new Uint8Array(60_000), bodyTruncated: false, address: undefined }
    return { outcome: status === 200 ? 'accepted' : 'rejected', response, error: undefined }
  }
  const kept = judgeAttempt(delivery, long(200), context).response
  assert.deepEqual([kept?.body.length, kept?.bodyTruncated], [60_000, false])
  assert.equal(Object.keys(JSON.parse(kept?.headers ?? '')).length, 100)
  for (const [status, given] of [
    [500, delivery],
    [410, delivery],
    [200, { ...delivery, retryOnInvalidResponse: true }],
  ] as const) {
    const short = judgeAttempt(given, long(status), { ...context, responseValid: false }).response
    assert.deepEqual([short?.body.length, short?.bodyTruncated], [2_048, true], String(status))
    assert.equal(short?.body.buffer.byteLength, 2_048)
    assert.ok((short?.headers.length ?? 0) < 6_000)
    assert.equal(JSON.parse(short?.headers ?? '')['x-0'], 'v'.repeat(100))
  }
  for (const [length, truncated, told] of [
    [2_048, false, false],
    [2_048, true, true],
    [2_049, false, true],
  ] as const) {
    const response = {
      status: 500,
      headers: {},
      body: new Uint8Array(length),
      bodyTruncated: truncated,
      address: undefined,
    }
    const end: AttemptEnd = { outcome: 'rejected', response, error: undefined }
    assert.equal(judgeAttempt(delivery, end, context).response?.bodyTruncated, told, `${length} bytes`)
  }
})
