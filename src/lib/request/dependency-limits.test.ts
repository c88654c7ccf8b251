import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { z } from 'zod'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import { Ringback } from '../app/ringback.ts'
import { ManualClock } from '../manual-clock.ts'
import type { Concurrency } from '../operation/compiled/dependency-limits.ts'
import { dependency } from '../operation/dependency-definition.ts'
import { testClient } from '../testing/test-client.ts'
import { DependencyPlaces } from './dependency-places.ts'

const newApp = () => new Ringback({ title: 'Places', version: '1.0.0', log: new RecordingLog() })
const response = z.any()
const turn = () => new Promise(setImmediate)
const url = (path: string) => `http://a.example${path}`

/** A dependency with places, whose values are kept until they are told to end. */
function engine(limits: Partial<Concurrency> = {}, scope: 'response' | 'handler' = 'response') {
  const state = { open: 0, most: 0, made: 0, cleaned: 0 }
  const made = dependency({ scope, maxConcurrency: 2, ...limits }, async function* () {
    state.open += 1
    state.made += 1
    state.most = Math.max(state.most, state.open)
    try {
      yield state.made
    } finally {
      await turn()
      state.open -= 1
      state.cleaned += 1
    }
  })
  return { state, made }
}

describe('maxConcurrency', () => {
  for (const scope of ['response', 'handler'] as const)
    it(`lets requests wait for a place, which is held until the clean-up, with scope ${scope}`, async () => {
      const { state, made } = engine({}, scope)
      const app = newApp()
      app.get('/x', { dependencies: { made }, response }, async ({ made }) => {
        await turn()
        return made
      })
      const all = await Promise.all(Array.from({ length: 10 }, () => app.fetch(new Request(url('/x')))))
      assert.deepEqual(await Promise.all(all.map(one => one.json())), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      await app.close()
      assert.deepEqual(state, { open: 0, most: 2, made: 10, cleaned: 10 })
    })

  it('gives the place back where anything fails', async () => {
    const { state, made } = engine({ maxConcurrency: 1 })
    const broken = dependency({ maxConcurrency: 1 }, () => {
      throw new Error('broken')
    })
    const app = newApp()
    app.get('/handler', { dependencies: { made }, response }, () => {
      throw new Error('broken')
    })
    app.get('/dependency', { dependencies: { broken }, response }, () => 1)
    app.get('/invalid', { dependencies: { made }, query: z.object({ a: z.int() }), response }, () => 1)
    for (const [path, status] of [
      ['/handler', 500],
      ['/dependency', 500],
      ['/invalid', 422],
    ] as const)
      for (let times = 0; times < 3; times++) assert.equal((await app.fetch(new Request(url(path)))).status, status)
    assert.equal(state.open, 0)
  })

  it('takes no place for a request whose parameters are wrong', async () => {
    const { state, made } = engine({ maxConcurrency: 1 })
    const outer = dependency(
      { query: z.object({ a: z.int() }), dependencies: { made }, maxConcurrency: 1 },
      ({ made }) => made,
    )
    const app = newApp()
    app.get('/x', { dependencies: { outer }, response }, ({ outer }) => outer)
    assert.equal((await app.fetch(new Request(url('/x?a=b')))).status, 422)
    assert.equal((await app.fetch(new Request(url('/x?a=1')))).status, 200)
    await app.close()
    assert.equal(state.open, 0)
  })

  it('lets a request leave whose client has gone, and never passes the place to it', async () => {
    const { state, made } = engine({ maxConcurrency: 1 })
    const app = newApp()
    const hold = Promise.withResolvers<void>()
    app.get('/x', { dependencies: { made }, response }, async ({ made }) => {
      await hold.promise
      return made
    })
    const first = app.fetch(new Request(url('/x')))
    const gone = new AbortController()
    const second = app.fetch(new Request(url('/x'), { signal: gone.signal }))
    const third = app.fetch(new Request(url('/x')))
    await turn()
    gone.abort()
    assert.equal((await second).status, 503)
    assert.equal((await app.fetch(new Request(url('/x'), { signal: gone.signal }))).status, 503)
    hold.resolve()
    assert.deepEqual([await (await first).json(), await (await third).json()], [1, 2])
    await app.close()
    assert.deepEqual(state, { open: 0, most: 1, made: 2, cleaned: 2 })
  })

  it('bounds who waits, and for how long', async () => {
    const { made } = engine({ maxConcurrency: 1, maxWaiting: 1, maxWaitMs: 1_000 })
    const app = newApp()
    const hold = Promise.withResolvers<void>()
    app.get('/x', { dependencies: { made }, response }, () => hold.promise.then(() => 'x'))
    await using client = await testClient(app)
    const first = client.get('/x')
    await turn()
    const second = client.get('/x')
    await turn()
    const third = await client.get('/x')
    assert.deepEqual([third.status, third.headers.get('retry-after')], [503, '1'])
    client.clock.advance({ ms: 1_000 })
    assert.equal((await second).status, 503)
    hold.resolve()
    assert.equal((await first).status, 200)
  })

  it('is one limit for all operations, and none for a stand-in', async () => {
    const { state, made } = engine({ maxConcurrency: 1 })
    const app = newApp()
    for (const path of ['/a', '/b'])
      app.get(path, { dependencies: { made }, response }, async ({ made }) => {
        await turn()
        return made
      })
    await Promise.all(['/a', '/b', '/a', '/b'].map(path => app.fetch(new Request(url(path)))))
    await app.close()
    assert.deepEqual([state.most, state.made], [1, 4])
    app.override(made, () => 0)
    const hold = Array.from({ length: 5 }, () => app.fetch(new Request(url('/a'))))
    assert.deepEqual(await Promise.all(hold.map(async one => (await one).json())), [0, 0, 0, 0, 0])
  })

  it('keeps the order and leaves nothing behind', async () => {
    const clock = new ManualClock()
    const places = new DependencyPlaces({ maxConcurrency: 1, maxWaiting: 1_000, maxWaitMs: 1_000 })
    const { signal } = new AbortController()
    await places.take({ signal }, clock)
    const order: number[] = []
    const waiting = Array.from({ length: 100 }, async (_, index) => {
      await places.take({ signal }, clock)
      order.push(index)
      places.give()
    })
    places.give()
    await Promise.all(waiting)
    assert.deepEqual(order, [...Array(100).keys()])
    await places.take({ signal }, clock)
    clock.advance({ minutes: 1 })
  })
})

describe('cache: false', () => {
  it('makes a value for each that asks, within one request', async () => {
    let count = 0
    const cached = dependency({}, () => (count += 1))
    const fresh = dependency({ cache: false }, () => (count += 1))
    const app = newApp()
    for (const [path, one] of [
      ['/cached', cached],
      ['/fresh', fresh],
    ] as const) {
      const user = dependency({ dependencies: { one } }, ({ one }) => one)
      app.get(path, { dependencies: { one, two: one, user }, response }, ({ one, two, user }) => [one, two, user])
    }
    assert.deepEqual(await (await app.fetch(new Request(url('/cached')))).json(), [1, 1, 1])
    assert.deepEqual(
      new Set((await (await app.fetch(new Request(url('/fresh')))).json()) as number[]),
      new Set([2, 3, 4]),
    )
  })

  it('cleans up each of them', async () => {
    const events: string[] = []
    const fresh = dependency({ cache: false, scope: 'handler' }, function* () {
      events.push('made')
      yield 1
      events.push('cleaned')
    })
    const app = newApp()
    app.get('/x', { dependencies: { a: fresh, b: fresh }, response }, () => 1)
    await app.fetch(new Request(url('/x')))
    assert.deepEqual(events, ['made', 'made', 'cleaned', 'cleaned'])
  })
})

describe('limits of a dependency', () => {
  it('that cannot be meant are refused in words', () => {
    for (const [limits, message] of [
      [{ maxConcurrency: 0 }, /"maxConcurrency" of a dependency is 0: give a whole number of 1 or more/],
      [{ maxConcurrency: 1.5 }, /"maxConcurrency"/],
      [{ maxConcurrency: '5' }, /"maxConcurrency" of a dependency is "5"/],
      [{ maxConcurrency: 1, maxWaiting: -1 }, /"maxWaiting"/],
      [{ maxConcurrency: 1, maxWaitMs: Number.POSITIVE_INFINITY }, /"maxWaitMs"/],
      [{ maxWaiting: 7 }, /"maxWaiting" of a dependency needs "maxConcurrency"/],
      [{ cache: 0 }, /"cache" of a dependency is 0/],
      [{ scope: 'app', cache: false }, /scope "app" is made once: leave out "cache"/],
      [{ scope: 'app', maxConcurrency: 2 }, /leave out "maxConcurrency"/],
      [{ maxconcurrency: 2 }, /Did you mean "maxConcurrency"/],
    ] as const)
      assert.throws(() => dependency(limits as {}, () => 1), { name: 'DefinitionError', message })
  })
})
