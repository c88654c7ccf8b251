import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Inbox } from './inbox.ts'

function setUp() {
  const events: string[] = []
  const inbox = new Inbox({ pause: () => void events.push('pause'), resume: () => void events.push('resume') })
  return { inbox, events }
}

test('The client has to wait while 16 messages or 64 KiB have not been taken', async () => {
  const { inbox, events } = setUp()
  for (let count = 0; count < 15; count++) inbox.put('x')
  assert.deepEqual(events, [])
  inbox.put('x')
  inbox.put('x')
  assert.deepEqual(events.splice(0), ['pause'])
  for (let count = 0; count < 16; count++) await inbox.take()
  assert.deepEqual(events, [])
  await inbox.take()
  assert.deepEqual(events.splice(0), ['resume'])
  inbox.put(new Uint8Array(65_536))
  assert.deepEqual(events.splice(0), ['pause'])
  await inbox.take()
  assert.deepEqual(events, ['resume'])
})

test('Several takers get one message each, in their order, and undefined at the end', async () => {
  const { inbox, events } = setUp()
  const taken = [inbox.take(), inbox.take(), inbox.take()]
  for (let count = 0; count < 2; count++) inbox.put(String(count))
  inbox.end(false)
  assert.deepEqual(await Promise.all(taken), ['0', '1', undefined])
  assert.equal(await inbox.take(), undefined)
  inbox.put('too late')
  assert.equal(await inbox.take(), undefined)
  assert.deepEqual(events, [])
})

test('The end keeps what has come, unless it is to be dropped, and reads on', async () => {
  const { inbox, events } = setUp()
  for (let count = 0; count < 20; count++) inbox.put(String(count))
  inbox.end(false)
  assert.deepEqual(events, ['pause', 'resume'])
  assert.equal(await inbox.take(), '0')
  inbox.end(true)
  assert.equal(await inbox.take(), undefined)
})
