import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { filterOf } from './delivery-query.ts'

const filter = (query: string) => {
  const values = new URLSearchParams(query)
  return filterOf(name => values.get(name) ?? undefined, 10_000_000_000)
}

describe('filterOf', () => {
  it('reads states, and the two words that stand for several things', () => {
    assert.deepEqual(filter(''), {})
    assert.deepEqual(filter('state=failed'), { state: 'failed' })
    assert.deepEqual(filter('state=waiting'), { state: ['scheduled', 'attempting'] })
    assert.deepEqual(filter('state=retrying'), { state: 'scheduled', attempted: true })
    assert.throws(() => filter('state=dead'), { status: 400, message: 'There is no state "dead"' })
  })

  it('finds by the beginning of an id, a URL or an idempotency key', () => {
    assert.deepEqual(filter('text=msg_0mi8'), { id: 'msg_0mi8' })
    assert.deepEqual(filter('text=HTTPS://a.example/b'), { url: 'HTTPS://a.example/b' })
    assert.deepEqual(filter('text=invoice-7'), { idempotencyKey: 'invoice-7' })
  })

  it('takes the beginning of a masked destination', () => {
    assert.deepEqual(filter('destination=https%3A%2F%2Fa.example%2Fin%3F***'), { url: 'https://a.example/in' })
  })

  it('reads periods and times', () => {
    assert.deepEqual(filter('since=1h'), { since: 9_996_400_000 })
    assert.deepEqual(filter('since=1000&until=2000'), { since: 1_000, until: 2_000 })
    for (const bad of ['constructor', '-1', '1e3', '9'.repeat(16)])
      assert.throws(() => filter(`since=${bad}`), { status: 400 }, bad)
  })
})
