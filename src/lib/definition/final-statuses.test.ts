import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkFinalStatuses } from './final-statuses.ts'

test('checkFinalStatuses takes every status that refuses a request, and none at all', () => {
  for (const statuses of [
    [],
    [410],
    [300, 599],
    [400, 401, 403, 404],
    Array.from({ length: 300 }, (_, at) => 300 + at),
  ])
    checkFinalStatuses(statuses)
})

for (const [statuses, words] of [
  [410, /"finalStatuses" is 410, not a list; give one, such as \[400, 410\]/],
  ['410', /"finalStatuses" is "410", not a list/],
  [new Set([410]), /not a list/],
  [null, /not a list/],
  [[200], /"finalStatuses" holds 200, but a 2xx means that the receiver has the delivery/],
  [[410, 204], /"finalStatuses" holds 204, but a 2xx/],
  [[299], /but a 2xx/],
  [[199], /"finalStatuses" holds 199, which is not a status that ends a delivery/],
  [[600], /"finalStatuses" holds 600, .* from 300 to 599/],
  [[0], /holds 0/],
  [[-410], /holds -410/],
  [[410.5], /holds 410\.5/],
  [[Number.NaN], /holds NaN/],
  [['410'], /holds "410"/],
  [[undefined], /holds undefined/],
  [[null, 410], /holds null/],
  [['4XX'], /holds "4XX"/],
  [[410, 400, 410], /names a status twice/],
] as const)
  test(`checkFinalStatuses refuses ${JSON.stringify(statuses)} (${words.source})`, () => {
    assert.throws(() => checkFinalStatuses(statuses as never), { name: 'RangeError', message: words })
  })
