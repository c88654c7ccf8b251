import { HttpError } from '../../http/http-error.ts'
import { RECOVER, testInput } from './endpoint-inputs.ts'
import { RECOVERY_STARTED, TEST_RESULT } from './endpoint-schemas.ts'
import type { OfferedEvents } from './offered-events.ts'
import { pathId } from './owner-call.ts'
import { further, type OwnerRouter } from './owner-router.ts'
import { shownRecovery } from './shown-endpoint.ts'
import { TestLimit } from './test-limit.ts'
import { told } from './told.ts'

/** The operations that send something to an endpoint: a test, and what it has missed. */
export function tryEndpoints(router: OwnerRouter, events: OfferedEvents): void {
  testEndpoint(router, events)
  recoverEndpoint(router)
}

function testEndpoint(router: OwnerRouter, events: OfferedEvents): void {
  const limit = new TestLimit()
  router.post(
    '/endpoints/{endpoint_id}/test',
    {
      operationId: 'testEndpoint',
      summary: 'Send an example to an endpoint',
      description:
        'One attempt, now, of at most 15 s, signed as others are, even if the endpoint is disabled. Its `webhook-id` begins with `test_`. It counts for nothing.',
      body: testInput(events),
      response: TEST_RESULT,
      responses: {
        ...further(),
        429: { description: 'More than 10 tests in a minute: `Retry-After` says when the next may be' },
      },
    },
    async ({ '~call': call, params, body: { event } }) => {
      const id = pathId(params.endpoint_id, 'endpoint')
      events.checkOne(event, call.webhooks, 'body')
      // A stranger's id must not use up the tests of the owner.
      await told(() => call.endpoints.get(id, call.of), { in: 'path', names: [] })
      refuseTooMany(limit.take(call.of.owner, call.clock.now()))
      return told(() => call.endpoints.test(id, { ...call.of, event }), { in: 'body', names: ['event'] })
    },
  )
}

function recoverEndpoint(router: OwnerRouter): void {
  router.post(
    '/endpoints/{endpoint_id}/recover',
    {
      operationId: 'recoverEndpoint',
      summary: 'Send again what an endpoint has missed',
      description:
        'Oldest first, and behind new messages. Nothing is repeated that was delivered or waits. `recovery` of the endpoint shows how far it is.',
      body: RECOVER,
      status: 202,
      response: RECOVERY_STARTED,
      responses: further('`endpoint-disabled`: enable it first; `recovery-running`: an earlier recovery is not done'),
    },
    async ({ '~call': call, params, body }) => {
      const id = pathId(params.endpoint_id, 'endpoint')
      const { since, until, include } = body
      const options = {
        ...call.of,
        since: new Date(since),
        ...(until !== undefined && { until: new Date(until) }),
        ...(include !== undefined && { include }),
      }
      const recovery = await told(() => call.endpoints.recover(id, options), { in: 'body', names: ['since', 'until'] })
      return { recovery: shownRecovery(recovery) }
    },
  )
}

function refuseTooMany(waitSeconds: number | undefined): void {
  if (waitSeconds === undefined) return
  throw new HttpError(429, `There may be 10 tests in a minute: wait ${waitSeconds} s`, {
    code: 'too-many-tests',
    headers: { 'retry-after': `${waitSeconds}` },
  })
}
