import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { DefinitionError } from '../definition/definition-error.ts'
import { callback } from '../operation/callback-definition.ts'
import { Ringback } from './ringback.ts'

const newApp = () => new Ringback({ title: 't', version: '1' })

/** The operationIds by path, those of callbacks after their operation's. */
const idsOf = (app: Ringback): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(app.openapi().paths ?? {}).map(([path, { get }]) => [
      path,
      [get, ...Object.values(get?.callbacks ?? {}).flatMap(item => Object.values(item).map(({ post }) => post))].map(
        operation => operation?.operationId ?? '',
      ),
    ]),
  )

test('operationIds of names that are not identifiers are made from their words', () => {
  const app = newApp()
  class Items {
    readonly #list = () => 1
    register() {
      app.get('/private', { response: z.number() }, this.#list)
    }
  }
  new Items().register()
  const handlers = { 'list all items': () => 1, 'a/b': () => 1, default: () => 1, '2nd': () => 1 }
  app.get('/words', { response: z.number() }, handlers['list all items'])
  app.get('/slash', { response: z.number() }, handlers['a/b'])
  app.get('/default', { response: z.number() }, handlers.default)
  app.get('/second', { response: z.number() }, handlers['2nd'])
  function create() {
    return 1
  }
  app.get('/bound', { response: z.number() }, create.bind(null))
  assert.deepEqual(idsOf(app), {
    '/private': ['list'],
    '/words': ['listAllItems'],
    '/slash': ['aB'],
    '/default': ['getDefault'],
    '/second': ['getSecond'],
    '/bound': ['create'],
  })
})

test('operationIds of callbacks are identifiers, and two that become equal are refused', () => {
  const app = newApp()
  const query = z.object({ url: z.url() })
  const sent = callback.post('{$request.query.url}', {})
  app.get('/a', { operationId: 'create', query, callbacks: { 'my event': sent, '2nd': sent, default: sent } }, () => {})
  assert.deepEqual(idsOf(app)['/a'], ['create', 'createMyEvent', 'create2nd', 'createDefault'])
  assert.throws(
    () => newApp().get('/b', { query, documented: false, callbacks: { 'my event': sent, myEvent: sent } }, () => {}),
    (error: Error) =>
      error instanceof DefinitionError && /"my event" and "myEvent" of .* "getBMyEvent"/.test(error.message),
  )
})

test('operationIds of a name that two operations want do not depend on the order of registration', () => {
  const list = () => 1
  const twin = { list: () => 2 }
  const routes = [
    (app: Ringback) => app.get('/a', { response: z.number() }, list),
    (app: Ringback) => app.get('/b', { response: z.number() }, list),
    (app: Ringback) => app.get('/c', { response: z.number() }, twin.list),
    (app: Ringback) => app.get('/d', { response: z.number() }, { getE: () => 1 }.getE),
    (app: Ringback) => app.get('/e', { response: z.number() }, () => 1),
    (app: Ringback) => app.get('/f', { response: z.number(), operationId: 'show' }, () => 1),
    (app: Ringback) => app.get('/g', { response: z.number() }, { show: () => 1 }.show),
  ]
  fc.assert(
    fc.property(fc.shuffledSubarray(routes, { minLength: routes.length }), order => {
      const app = newApp()
      for (const register of order) register(app)
      assert.deepEqual(idsOf(app), {
        '/a': ['getA'],
        '/b': ['getB'],
        '/c': ['getC'],
        '/d': ['getD'],
        '/e': ['getE'],
        '/f': ['show'],
        '/g': ['getG'],
      })
    }),
    { numRuns: 30 },
  )
})

test('operationIds are identifiers and unique for any names', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 6 }), names => {
      const app = newApp()
      names.forEach((name, index) => {
        app.get(
          `/p${index}`,
          { response: z.number() },
          Object.defineProperty(() => 1, 'name', { value: name }),
        )
      })
      const ids = Object.values(idsOf(app)).flat()
      assert.equal(new Set(ids).size, names.length)
      for (const id of ids) assert.doesNotThrow(() => new Function(`let ${id}`), id)
    }),
    { numRuns: 50 },
  )
})
