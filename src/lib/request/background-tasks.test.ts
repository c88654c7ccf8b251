import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecordingLog } from '../../../test/support/recording-log.ts'
import type { RequestView } from '../http/request-view.ts'
import { BackgroundTasks } from './background-tasks.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const view = { afterSent: (fn: () => void) => void setImmediate(fn) } as RequestView
const turn = () => new Promise(resolve => setImmediate(resolve))

test('BackgroundTasks have ended when the work that they began has ended, too', async () => {
  const tasks = new BackgroundTasks(silent)
  const ended: number[] = []
  const begin = (depth: number) =>
    tasks.add(async () => {
      await turn()
      if (depth < 5) begin(depth + 1)
      ended.push(depth)
    }, view)
  begin(1)
  begin(4)
  await tasks.ended(60_000)
  assert.deepEqual(ended.toSorted(), [1, 2, 3, 4, 4, 5, 5])
  assert.equal(tasks.running, false)
})

test('BackgroundTasks are waited for as long as some of them end, even by failing', async () => {
  const tasks = new BackgroundTasks(silent)
  tasks.add(() => Promise.reject(new Error('The mail server is away')), view)
  const release = Promise.withResolvers<void>()
  tasks.add(() => release.promise, view)
  await turn()
  await turn()
  await assert.rejects(tasks.ended(1), {
    message: 'Background work does not end: 1 tasks, none of which ended in 1 ms',
  })
  release.resolve()
  await tasks.ended(60_000)
})

test('BackgroundTasks that keep beginning new ones are not waited for for ever', async () => {
  const tasks = new BackgroundTasks(silent)
  let stopped = false
  const begin = (): void => tasks.add(() => (stopped ? undefined : begin()), view)
  begin()
  await assert.rejects(tasks.ended(60_000), { message: 'Background work does not end: it started again 1000 times' })
  stopped = true
  await tasks.ended(60_000)
})

test('BackgroundTasks name the requests of work that does not end in time, each once and at most ten', async () => {
  const log = new RecordingLog()
  const tasks = new BackgroundTasks(log)
  const of = (path: string) => ({ ...view, method: 'POST', path }) as RequestView
  for (let count = 1; count <= 12; count++)
    for (const _ of ['once', 'twice']) tasks.add(() => new Promise(() => {}), of(`/invoices/${count}`))
  await tasks.drained(0)
  const [{ text, fields } = { text: '', fields: {} }, ...more] = log.messages
  assert.equal(text, 'Work after responses did not end in time and was abandoned')
  const requests = Array.from({ length: 10 }, (_, index) => `POST /invoices/${index + 1}`)
  assert.deepEqual([fields, more], [{ tasks: 24, requests }, []])
})
