// Sends to a receiver that answers 410. The first process dies in its onFailed; a later one, by its clock, tells what it got.
import { createDelivery } from 'ringback/delivery'
import { sqliteStore } from 'ringback/sqlite'

const { STORE = '', RECEIVER = '', LATER_MS } = process.env
const delivery = createDelivery({
  store: sqliteStore({ path: STORE }),
  signing: { masterSecret: 'a master secret that only this test knows' },
  destinations: { allow: ['127.0.0.1'] },
  clock: {
    now: () => Date.now() + Number(LATER_MS ?? 0),
    setTimer(fn, delayMs) {
      const timer = setTimeout(fn, delayMs)
      return () => clearTimeout(timer)
    },
  },
  onFailed({ id, state, status }) {
    if (LATER_MS === undefined) process.kill(process.pid, 'SIGKILL')
    process.send?.({ url: JSON.stringify([id, state, status]) })
  },
})
if (LATER_MS === undefined)
  await delivery.send({
    ...{ id: 'msg_1', operation: 'createInvoice', callback: 'paid', method: 'POST' },
    ...{ url: RECEIVER, destination: RECEIVER },
  })
await delivery.start()
process.on('SIGTERM', () => delivery.close({ graceMs: 0 }).then(() => process.exit(0)))
