import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as check, property, string } from 'fast-check'
import { retryAfterMs } from './retry-after.ts'

const now = Date.UTC(2026, 0, 1)

test('retryAfterMs reads seconds and HTTP dates', () => {
  assert.equal(retryAfterMs('120', now), 120_000)
  assert.equal(retryAfterMs(' 120 ', now), 120_000)
  assert.equal(retryAfterMs('Thu, 01 Jan 2026 00:10:00 GMT', now), 600_000)
  assert.equal(retryAfterMs('Thursday, 01-Jan-26 00:10:00 GMT', now), 600_000)
})

const inTenMinutes: readonly string[] = [
  '600',
  '600.0',
  '600, 600',
  '600,600 , 600',
  '10, 600',
  'Thu, 01 Jan 2026 00:10:00 GMT',
  'thu, 01 jan 2026 00:10:00 gmt',
  'Thu, 1 Jan 2026 00:10:00 GMT',
  'Thu, 01 Jan 2026 00:10:00 UTC',
  'Thu, 01 Jan 2026 00:10:00 +0000',
  'Thu, 01 Jan 2026 00:10:00',
  'Thursday, 01-Jan-26 00:10:00 GMT',
  'thursday, 01-jan-26 00:10:00 GMT',
  'Thu Jan  1 00:10:00 2026',
  'thu jan 1 00:10:00 2026',
  'Thu, 01 Jan 2026 00:10:00 GMT, Thu, 01 Jan 2026 00:10:00 GMT',
  '5, Thursday, 01-Jan-26 00:10:00 GMT',
  '2026-01-01T00:10:00Z',
  '2026-01-01T02:10:00.000+02:00',
  String(now / 1000 + 600),
  String(now + 600_000),
]

for (const zone of ['UTC', 'America/New_York', 'Pacific/Kiritimati'])
  test(`retryAfterMs reads all that servers send, in ${zone}`, t => {
    const before = process.env['TZ']
    process.env['TZ'] = zone
    t.after(() => {
      if (before === undefined) delete process.env['TZ']
      else process.env['TZ'] = before
    })
    for (const value of inTenMinutes) assert.equal(retryAfterMs(value, now), 600_000, value)
    assert.equal(retryAfterMs('1.5', now), 1_500)
    assert.equal(retryAfterMs('Sun Nov  6 08:49:37 1994', now), 1_000)
    assert.equal(retryAfterMs('Sunday, 06-Nov-94 08:49:37 GMT', now), 1_000)
    assert.equal(retryAfterMs('Wednesday, 01-Jan-70 00:00:00 GMT', now), 86_400_000)
  })

test('retryAfterMs takes a year of two digits for one that is at most 50 years ahead', () => {
  const nowMs = Date.UTC(2049, 11, 31, 23)
  assert.equal(retryAfterMs('Friday, 31-Dec-99 23:00:00 GMT', nowMs), 86_400_000)
  assert.equal(retryAfterMs('Friday, 31-Dec-00 23:00:00 GMT', nowMs), 1_000)
  const earlierMs = Date.UTC(2048, 11, 31, 23)
  assert.equal(retryAfterMs('Friday, 31-Dec-99 23:00:00 GMT', earlierMs), 1_000)
})

test('retryAfterMs takes many seconds for a time of Unix, in seconds or milliseconds', () => {
  const nowMs = 1_000_000_000_000 - 5_000
  assert.equal(retryAfterMs('1000000000', nowMs), 5_000)
  assert.equal(retryAfterMs('999999999', nowMs), 86_400_000)
  assert.equal(retryAfterMs('1000000000000', nowMs), 5_000)
  assert.equal(retryAfterMs('999999999999', nowMs), 86_400_000)
})

test('retryAfterMs keeps it between one second and a day', () => {
  assert.equal(retryAfterMs('0', now), 1_000)
  assert.equal(retryAfterMs('Wed, 31 Dec 2025 00:00:00 GMT', now), 1_000)
  assert.equal(retryAfterMs('99999999999999999999', now), 86_400_000)
})

test('retryAfterMs gives nothing for what is neither', () => {
  for (const value of [
    undefined,
    '',
    '-1',
    '1.5.5',
    '.5',
    'soon',
    '2026-01-01',
    'Thu, nonsense',
    '600, soon',
    'Thu, 01 Foo 2026 00:10:00 GMT',
  ])
    assert.equal(retryAfterMs(value, now), undefined)
})

test('retryAfterMs never leaves its limits', () => {
  check(
    property(string(), value => {
      const ms = retryAfterMs(value, now)
      assert.ok(ms === undefined || (ms >= 1_000 && ms <= 86_400_000))
    }),
  )
})
