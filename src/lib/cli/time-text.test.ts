import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTime, timeText } from './time-text.ts'

const now = Date.UTC(2026, 0, 31, 12)

test('parseTime takes dates and times, in UTC unless they name a zone', () => {
  assert.equal(parseTime('2026-01-30', now), Date.UTC(2026, 0, 30))
  assert.equal(parseTime('2026-01-30T08:15', now), Date.UTC(2026, 0, 30, 8, 15))
  assert.equal(parseTime('2026-01-30T08:15:30.5Z', now), Date.UTC(2026, 0, 30, 8, 15, 30, 500))
  assert.equal(parseTime('2026-01-30T08:15:30+02:00', now), Date.UTC(2026, 0, 30, 6, 15, 30))
})

test('parseTime takes ages', () => {
  assert.equal(parseTime('90s', now), now - 90_000)
  assert.equal(parseTime('30m', now), now - 1_800_000)
  assert.equal(parseTime('2h', now), now - 7_200_000)
  assert.equal(parseTime('7d', now), Date.UTC(2026, 0, 24, 12))
})

test('parseTime takes nothing else', () => {
  for (const text of [
    '',
    'yesterday',
    '1',
    '2026',
    '2026-13-01',
    '2026-01-30T25:00',
    '2026-01-30 08:15',
    '-2h',
    '2w',
    '1.5h',
  ])
    assert.equal(parseTime(text, now), undefined, text)
})

test('timeText shows UTC to the second, and a dash where there is no time', () => {
  assert.equal(timeText(now + 999), '2026-01-31T12:00:00Z')
  assert.equal(timeText(undefined), '-')
})

test('parseTime takes what timeText shows', () => {
  assert.equal(parseTime(timeText(now), 0), now)
})
