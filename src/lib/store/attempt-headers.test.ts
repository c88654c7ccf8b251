import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { engineFor, engineOnSockets, stores } from '../../../test/support/engine-on-sockets.ts'
import { systemClock } from '../clock.ts'
import type { AttemptToMake } from '../delivery/attempt/attempt-headers.ts'
import { AttemptHeadersError } from '../delivery/attempt/attempt-headers-error.ts'

const token = 'Bearer s3cr3t-t0ken'

for (const [name, makeStore] of stores) {
  test(`attemptHeaders is told of each attempt, and its headers are sent with it, in a ${name} store`, async t => {
    const asked: AttemptToMake[] = []
    const { engine, request, clock, receiver } = await engineOnSockets(t, [401, 500, 200], {
      store: makeStore(t),
      attemptHeaders: async attempt => {
        asked.push(attempt)
        return { Authorization: `${token} ${asked.length}`, 'X-Own': 'by the attempt' }
      },
    })
    const url = `${receiver.url}/hooks?token=t0ken`
    const { id } = await engine.send(
      request({ url, recipient: 'tenant 1', headers: { 'x-own': 'by send', 'x-other': '1' } }),
    )
    for (let attempt = 0; attempt < 3; attempt++) {
      await engine.deliverDue()
      clock.advance({ hours: 1 })
    }
    const { webhookId, state } = (await engine.deliveries.get(id)) ?? {}
    assert.equal(state, 'delivered')
    assert.deepEqual(
      asked.map(({ lastStatus }) => lastStatus),
      [undefined, 401, 500],
    )
    for (const [index, { headers, body }] of receiver.received.entries()) {
      const { id: told, timestamp, url: to, recipient, body: bytes } = asked[index] ?? assert.fail()
      assert.deepEqual([told, to, recipient], [webhookId, url, 'tenant 1'])
      assert.equal(headers['webhook-id'], told)
      assert.equal(headers['webhook-timestamp'], String(timestamp))
      assert.deepEqual(Buffer.from(bytes), body)
      assert.equal(headers.authorization, `${token} ${index + 1}`)
      assert.deepEqual([headers['x-own'], headers['x-other']], ['by the attempt', '1'])
    }
  })

  test(`attemptHeaders that fails ten times in a row uses up no wait, and then one at each attempt, in a ${name} store`, async t => {
    let asked = 0
    const { engine, request, clock, receiver, log } = await engineOnSockets(t, [200], {
      store: makeStore(t),
      retryDelaysSeconds: [0, 3_600, 3_600],
      attemptHeaders() {
        asked++
        throw new Error(`no token today: ${token}`)
      },
    })
    const { id } = await engine.send(request())
    for (let second = 0; second < 1_023; second++) {
      await engine.deliverDue()
      clock.advance({ seconds: 1 })
    }
    assert.equal(asked, 10)
    await engine.deliverDue()
    assert.equal(asked, 11)
    for (let hour = 0; hour < 5; hour++) {
      clock.advance({ hours: 1 })
      await engine.deliverDue()
    }
    const delivery = await engine.deliveries.get(id)
    assert.deepEqual([delivery?.state, delivery?.attemptCount, asked], ['failed', 13, 13])
    assert.equal(receiver.received.length, 0)
    const ends = new Set(delivery?.attempts.map(({ outcome, error }) => `${outcome}: ${error}`))
    assert.deepEqual([...ends], ['abandoned: "attemptHeaders" threw an error'])
    const told = log.messages.filter(({ text }) => text === 'Attempts wait because their headers could not be had')
    assert.equal(told.length, 1)
  })

  test(`attemptHeaders that fails for a moment costs nothing, in a ${name} store`, async t => {
    let asked = 0
    const { engine, request, clock } = await engineOnSockets(t, [200], {
      store: makeStore(t),
      retryDelaysSeconds: [0],
      attemptHeaders: async () => {
        if (++asked < 10) throw new Error('no')
        return { authorization: token }
      },
    })
    const { id } = await engine.send(request())
    for (let attempt = 0; attempt < 10; attempt++) {
      await engine.deliverDue()
      clock.advance({ minutes: 9 })
    }
    assert.deepEqual((await engine.deliveries.get(id))?.state, 'delivered')
  })
}

for (const [what, given, reason] of [
  ['host', { Host: 'b.example' }, /gave the header "Host", but it is reserved/],
  ['content-length', { 'content-length': '5' }, /gave the header "content-length"/],
  ['transfer-encoding', { 'Transfer-Encoding': 'chunked' }, /"Transfer-Encoding"/],
  ['webhook-signature', { 'webhook-signature': 'v1,x' }, /"webhook-signature"/],
  ['webhook-anything', { 'Webhook-Extra': 'x' }, /"Webhook-Extra"/],
  ['content-type', { 'Content-Type': 'text/plain' }, /"Content-Type"/],
  ['user-agent', { 'user-agent': 'x' }, /"user-agent"/],
  ['accept', { accept: '*/*' }, /"accept"/],
  ['accept-encoding', { 'accept-encoding': 'gzip' }, /"accept-encoding"/],
  ['cdn-loop', { 'cdn-loop': 'x' }, /"cdn-loop"/],
  [
    'a line break',
    { authorization: `${token}\r\nhost: b.example` },
    /"authorization", but its name or value is not allowed in HTTP$/,
  ],
  ['an impossible name', { 'a b': 'x' }, /"a b", but its name or value/],
  ['a number', { 'x-count': 5 }, /"x-count", but its name or value/],
  ['undefined as a value', { authorization: undefined }, /"authorization", but/],
  ['a list', ['authorization', token], /gave a list; give an object/],
  [
    'a Headers object',
    new Headers({ authorization: token }),
    /gave a Headers object; give an object of names and values/,
  ],
  ['text', token, /gave text; give an object/],
  ['nothing', undefined, /gave undefined; give an object/],
  ['null', null, /gave null/],
] as const)
  test(`attemptHeaders that gives ${what} is refused, without its value, for deliveries and calls`, async t => {
    const { engine, request, receiver, log } = await engineOnSockets(t, [200], { attemptHeaders: () => given as never })
    const { id } = await engine.send(request())
    await engine.deliverDue()
    const delivery = await engine.deliveries.get(id)
    assert.deepEqual([delivery?.state, delivery?.attempts[0]?.outcome], ['scheduled', 'abandoned'])
    assert.match(delivery?.attempts[0]?.error ?? '', reason)
    await assert.rejects(engine.call(request()), (error: unknown) => {
      assert.ok(error instanceof AttemptHeadersError)
      assert.match(error.message, reason)
      assert.doesNotMatch(String(error.stack) + JSON.stringify(error), /s3cr3t/)
      return true
    })
    assert.equal(receiver.received.length, 0)
    assert.doesNotMatch(JSON.stringify([delivery, log.messages, String(log.messages[0]?.fields['error'])]), /s3cr3t/)
  })

test('what attemptHeaders gives is in no list, no delivery, no event and no log', async t => {
  const seen: unknown[] = []
  const { engine, request, log, receiver } = await engineOnSockets(t, [410], {
    attemptHeaders: () => ({ authorization: token, 'x-plain': 's3cr3t too' }),
    onFailed: delivery => void seen.push(delivery),
  })
  for (const event of ['attempt.started', 'attempt.finished', 'delivery.settled'] as const)
    engine.on(event, told => seen.push(told))
  const { id } = await engine.send(request())
  await engine.deliverDue()
  seen.push(await engine.deliveries.get(id), await engine.deliveries.list(), log.messages)
  assert.equal(receiver.received[0]?.headers['x-plain'], 's3cr3t too')
  assert.doesNotMatch(JSON.stringify(seen), /s3cr3t/)
})

test('attemptHeaders has the time limit of the attempt, and its signal says when that has passed', async t => {
  const signals: AbortSignal[] = []
  const { engine, request, receiver } = await engineOnSockets(t, [200], {
    ...{ clock: systemClock, timeoutMs: 50 },
    attemptHeaders: ({ signal }) => {
      signals.push(signal)
      return new Promise(() => {})
    },
  })
  const { id } = await engine.send(request())
  await engine.deliverDue()
  const attempt = (await engine.deliveries.get(id))?.attempts[0]
  assert.deepEqual([attempt?.outcome, attempt?.error], ['abandoned', '"attemptHeaders" did not return within 50 ms'])
  await assert.rejects(engine.call(request({ timeoutMs: 30 })), /did not return within 30 ms/)
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true, true],
  )
  assert.equal(receiver.received.length, 0)
})

test('a worker that stops does not wait for attemptHeaders', async t => {
  const asked = Promise.withResolvers<AbortSignal>()
  const { engine, request } = await engineOnSockets(t, [200], {
    clock: systemClock,
    attemptHeaders: ({ signal }) => {
      asked.resolve(signal)
      return new Promise(() => {})
    },
  })
  await engine.send(request())
  await engine.start()
  const signal = await asked.promise
  await engine.close({ graceMs: 0 })
  assert.equal(signal.aborted, true)
})

test('a time-out after attemptHeaders took most of the time is not the fault of the receiver', async t => {
  for (const [shareMs, outcome] of [
    [9_000, 'abandoned'],
    [1_000, 'timed-out'],
  ] as const) {
    const { engine, request, clock, receiver } = await engineOnSockets(t, [200], {
      timeoutMs: 10_000,
      attemptHeaders: () => {
        clock.advance(shareMs)
        return {}
      },
      transport: {
        async send(_, { timeoutMs }) {
          assert.equal(timeoutMs, 10_000 - shareMs)
          const { CallbackTimeoutError } = await import('../destination/transport/callback-timeout-error.ts')
          throw new CallbackTimeoutError('https://a.example', timeoutMs)
        },
        async close() {},
      },
    })
    const { id } = await engine.send(request())
    await engine.deliverDue()
    const attempt = (await engine.deliveries.get(id))?.attempts[0]
    assert.equal(attempt?.outcome, outcome)
    assert.match(
      attempt?.error ?? '',
      outcome === 'abandoned'
        ? /took 9000 of 10000 ms/
        : new RegExp(`No complete response from "${receiver.url}" within 10000 ms`),
    )
  }
})

test('attemptHeaders cannot change what is sent', async t => {
  const { engine, request, receiver } = await engineOnSockets(t, [200], {
    attemptHeaders: ({ body }) => {
      const mac = createHmac('sha256', 'k').update(body).digest('hex')
      body.fill(0)
      return { 'x-signature': `sha256=${mac}` }
    },
  })
  await engine.send(request())
  await engine.send(request({ method: 'DELETE', body: undefined }))
  await engine.deliverDue()
  const [first, second] = receiver.received
  assert.equal(first?.body.toString(), '{"paid":true}')
  for (const each of [first, second])
    assert.equal(
      each?.headers['x-signature'],
      `sha256=${createHmac('sha256', 'k')
        .update(each?.body ?? '')
        .digest('hex')}`,
    )
})

test('many attempts that wait for headers warn of nothing', async t => {
  const warnings: unknown[] = []
  const listen = (warning: Error) => void warnings.push(warning)
  process.on('warning', listen)
  t.after(() => process.off('warning', listen))
  const store = stores[0]![1](t)
  const { engine, request } = await engineOnSockets(t, [200], { store, attemptHeaders: async () => ({}) })
  const known = engineFor({ store })
  await known.send(request())
  await known.deliverDue()
  await Promise.all(Array.from({ length: 100 }, () => engine.send(request())))
  await engine.deliverDue()
  assert.equal((await engine.deliveries.counts()).delivered, 101)
  assert.deepEqual(warnings, [])
})
