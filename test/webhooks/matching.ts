import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type MakeStore, message, webhookEngine } from './webhook-engine.ts'

const owners = ['a', 'a ', 'b', `"${'%'.repeat(120)}'${'_'.repeat(134)}`]
const names = ['invoice.paid', 'invoice.sent', 'user.added'] as const
const channels = ['eu', 'us', 'eu2']

const endpoint = fc.record({
  owner: fc.constantFrom(...owners),
  events: fc.uniqueArray(fc.constantFrom(...names, '*' as const), { minLength: 1 }),
  channels: fc.subarray(channels),
  fate: fc.constantFrom('stays', 'stays', 'stays', 'disabled', 'deleted', 'later'),
})
const sent = fc.record({
  owner: fc.constantFrom('', ...owners),
  event: fc.constantFrom(...names),
  channels: fc.subarray(channels),
})

/** Whom a message reaches, in ten lines: the rules as plainly as possible. */
function reaches(
  { owner, event, channels }: { owner: string; event: string; channels: readonly string[] },
  to: { owner: string; events: readonly string[]; channels: readonly string[]; fate: string },
): boolean {
  const isTheirs = owner === '' || owner === to.owner
  const listens = to.events.includes(event) || to.events.includes('*')
  const isOnChannel = to.channels.length === 0 || to.channels.some(channel => channels.includes(channel))
  return to.fate === 'stays' && isTheirs && listens && isOnChannel
}

/** That a message reaches exactly those that it is for. */
export function matchingCases(name: string, makeStore: MakeStore): void {
  test(`A message reaches exactly whom a plain model says, in ${name}`, async t => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(endpoint, { maxLength: 12 }),
        fc.array(sent, { maxLength: 6 }),
        async (all, messages) => {
          const { engine, receiver, register, send, clock } = await webhookEngine(t, makeStore)
          const url = (index: number) => `${receiver.url}/${index}`
          for (const [index, { owner, events, channels, fate }] of all.entries()) {
            if (fate === 'later') continue
            const { id } = await register(owner, { url: url(index), events, channels })
            if (fate === 'disabled') await engine.endpoints.disable(id, { owner })
            if (fate === 'deleted') await engine.endpoints.delete(id, { owner })
          }
          clock.advance({ seconds: 1 })
          for (const { owner, event, channels } of messages) await send(event, { owner, channels })
          clock.advance({ seconds: 1 })
          for (const [index, { owner, events, fate }] of all.entries())
            if (fate === 'later') await register(owner, { url: url(index), events })
          await engine.deliverDue()
          const expected = messages.flatMap(message =>
            all.flatMap((to, index) => (reaches(message, to) ? [`/${index} ${message.event}`] : [])),
          )
          const received = receiver.received.map(({ url, body }) => `${url} ${JSON.parse(String(body)).type}`)
          assert.deepEqual(received.sort(), expected.sort())
          await engine.close({ graceMs: 0 })
          await receiver.stop()
        },
      ),
      { numRuns: 15 },
    )
  })

  test(`An endpoint gets one form of an event, in ${name}`, async t => {
    const { engine, receiver, register, clock } = await webhookEngine(t, makeStore)
    const since = clock.now() + 86_400_000
    const listen = (path: string, events: readonly string[]) =>
      register('a', { url: `${receiver.url}/${path}`, events })
    await listen('old', ['invoice.paid'])
    await listen('new', ['invoice.sent'])
    await listen('both', ['invoice.paid', 'invoice.sent'])
    await listen('old-star', ['invoice.paid', '*'])
    await listen('star-before', ['*'])
    clock.advance({ days: 2 })
    await listen('star-after', ['*'])
    const older = message('invoice.paid', { newer: ['invoice.sent'], chain: ['invoice.sent'], starUntil: since })
    const newer = message('invoice.sent', { chain: ['invoice.paid'], starFrom: since, older })
    await engine.send(newer)
    await engine.deliverDue()
    const received = receiver.received.map(({ url, body }) => `${url} ${JSON.parse(String(body)).type}`)
    assert.deepEqual(received.sort(), [
      '/both invoice.sent',
      '/new invoice.sent',
      '/old invoice.paid',
      '/old-star invoice.paid',
      '/star-after invoice.sent',
      '/star-before invoice.paid',
    ])
  })
}
