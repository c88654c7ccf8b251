import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { it } from 'node:test'
import { type RunningProgram, startProgram } from '../support/child-process.ts'
import { Receiver } from '../support/receiver.ts'
import { acknowledgedId, postInvoice } from './post-invoice.ts'
import { soon } from './soon.ts'
import { TestStore } from './test-store.ts'

const PROGRAM = new URL('../programs/slow-names.ts', import.meta.url)
/** By so much the clocks go on while the first worker is stopped: more than a lease lasts, 10 s and the time limit. */
const AHEAD_MS = '11000'

it('A worker that is stopped beyond its leases neither records nor begins any of their attempts afterwards', async () => {
  await using store = await TestStore.create()
  const held = Promise.withResolvers<() => void>()
  await using receiver = new Receiver((response, count) => {
    const respond = () => response.end('{"ok":true}')
    if (count === 1) held.resolve(respond)
    else respond()
  })
  await receiver.start()
  const arrived = (invoice: string) => receiver.received.filter(({ url }) => url.endsWith(`/${invoice}`)).length

  const AHEAD_FILE = `${store.path}-ahead`
  const environment = { ...store.environment, AHEAD_MS, AHEAD_FILE }
  await using first = await disposable(startProgram(PROGRAM, environment))
  const resolving = once(first.process, 'message')
  const named = receiver.url.replace('127.0.0.1', 'receiver.test')
  const unsent = await acknowledgedId(await postInvoice(first.url, 'unsent', named))
  await soon(resolving)
  const sent = await acknowledgedId(await postInvoice(first.url, 'sent', receiver.url))
  const respondToFirst = await soon(held.promise)
  await stopOutsideOfTransactions(first, store.path)
  // Time has passed, and what the stopped worker waited for has arrived, when it continues.
  writeFileSync(AHEAD_FILE, '')
  respondToFirst()
  first.process.send('resolve')

  await using second = await disposable(startProgram(PROGRAM, environment))
  await soon(receiver.until(() => arrived('sent') >= 2 && arrived('unsent') >= 1))
  await acknowledgedId(await postInvoice(second.url, 'after', receiver.url))
  await soon(receiver.until(() => arrived('after') === 1))
  assert.equal(await soon(second.stop()), 0, second.output())
  const before = [await store.deliveries.get(sent), await store.deliveries.get(unsent)]
  for (const delivery of before) {
    assert.equal(delivery?.state, 'delivered')
    assert.equal(delivery.attempts[0]?.outcome, 'abandoned')
    assert.equal(delivery.attempts.at(-1)?.outcome, 'accepted')
  }
  const arrivedBefore = [arrived('sent'), arrived('unsent')]

  first.process.kill('SIGCONT')
  await soon(untilPrinted(first, 'The end of an attempt was not recorded: it was cancelled or had lost its lease', 2))
  assert.deepEqual([await store.deliveries.get(sent), await store.deliveries.get(unsent)], before)
  await acknowledgedId(await postInvoice(first.url, 'again', receiver.url))
  await soon(receiver.until(() => arrived('again') === 1))
  assert.deepEqual([arrived('sent'), arrived('unsent')], arrivedBefore)
  assert.equal(await soon(first.stop()), 0, first.output())
})

/** Ends the program even where a test fails. */
async function disposable(starting: Promise<RunningProgram>): Promise<RunningProgram & AsyncDisposable> {
  const program = await starting
  return { ...program, [Symbol.asyncDispose]: () => program.kill() }
}

/** A process that is stopped while it holds the database's lock would keep the lock. */
async function stopOutsideOfTransactions({ process: child }: RunningProgram, path: string): Promise<void> {
  using database = new DatabaseSync(path, { timeout: 100 })
  for (;;) {
    child.kill('SIGSTOP')
    try {
      database.exec('begin immediate; rollback')
      return
    } catch {
      child.kill('SIGCONT')
    }
  }
}

async function untilPrinted(program: RunningProgram, text: string, times: number): Promise<void> {
  const { stdout, stderr } = program.process
  assert.ok(stdout && stderr)
  while (program.output().split(text).length <= times) await Promise.race([once(stdout, 'data'), once(stderr, 'data')])
}
