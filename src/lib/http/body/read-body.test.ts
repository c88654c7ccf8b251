import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HttpError } from '../http-error.ts'
import { ContentTooLargeError } from './content-too-large-error.ts'
import { readBody } from './read-body.ts'

const requestOf = (chunks: readonly string[], onRead: (left: number) => void = () => {}): Request => {
  const left = [...chunks]
  const body = new ReadableStream({
    pull(controller) {
      const chunk = left.shift()
      if (chunk === 'break') controller.error(new Error('gone'))
      else if (chunk === undefined) controller.close()
      else controller.enqueue(new TextEncoder().encode(chunk))
      onRead(left.length)
    },
  })
  const init = { method: 'POST', body, duplex: 'half' }
  return new Request('http://localhost', init)
}

test('readBody joins the chunks of a body', async () => {
  assert.equal(Buffer.from(await readBody(requestOf(['a', 'bc', 'd']), 4)).toString(), 'abcd')
  assert.equal((await readBody(requestOf([]), 4)).byteLength, 0)
  assert.equal((await readBody(new Request('http://localhost'), 4)).byteLength, 0)
})

test('readBody refuses a body over the limit, and reads and discards its rest', async () => {
  const drained = Promise.withResolvers<void>()
  const request = requestOf(['abc', 'de', 'f', 'g'], left => left === 0 && drained.resolve())
  await assert.rejects(readBody(request, 4), ContentTooLargeError)
  await drained.promise
})

test('readBody refuses an announced length over the limit without reading', async () => {
  const request = new Request('http://localhost', { method: 'POST', body: 'abc', headers: { 'content-length': '5' } })
  await assert.rejects(readBody(request, 4), ContentTooLargeError)
  assert.equal(request.bodyUsed, false)
})

test('readBody throws a 400 where the body breaks off', async () => {
  await assert.rejects(
    readBody(requestOf(['a', 'break']), 4),
    error => error instanceof HttpError && error.status === 400,
  )
})

test('readBody says who must have read a body that is used up', async () => {
  const request = requestOf(['a'])
  await request.text()
  await assert.rejects(readBody(request, 4), /request\.clone\(\)/)
})
