import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultSocketLimit } from './default-socket-limit.ts'

const limits = (soft: string, hard: string): string =>
  `Limit                     Soft Limit           Hard Limit           Units     
Max core file size        0                    unlimited            bytes     
Max open files            ${soft.padEnd(20)} ${hard.padEnd(20)} files     
Max locked memory         8388608              8388608              bytes     
`

for (const [soft, expected] of [
  ['1024', 512],
  ['1048576', 524_288],
  ['255', 127],
  ['1', 1],
  ['unlimited', 2_048],
] as const) {
  test(`of ${soft} descriptors ${expected} may be sockets`, () => {
    assert.equal(defaultSocketLimit(limits(soft, '2000000')), expected)
  })
}

test('where the system does not tell, there is a number all the same', () => {
  assert.equal(defaultSocketLimit(''), 2_048)
})

test('by default it is that of this process', () => {
  assert.ok(Number.isSafeInteger(defaultSocketLimit()) && defaultSocketLimit() >= 1)
})
