import { createDelivery } from 'ringback/delivery'
import { sqliteStore } from 'ringback/sqlite'
import { announce, serveCommands } from '../process/parent.ts'

/** Sends one delivery at a time while nothing else goes on; the receiver measures when each arrives. */
const [receiver = '', database = ''] = process.argv.slice(2)
const pauseMs = 5

const delivery = createDelivery({
  store: sqliteStore({ path: database }),
  signing: { masterSecret: 'a master secret for benchmarks only' },
  destinations: { allow: ['127.0.0.0/8'] },
})
let settled = () => {}
delivery.on('delivery.settled', () => settled())
await delivery.start()

serveCommands<number, string>(async count => {
  for (let sent = 0; sent < count; sent++) {
    // The receiver responds when the pause is over: by then nothing is left to do.
    await (await fetch(`${receiver}/pause/${pauseMs}`)).text()
    await sendOne()
  }
  return 'sent'
})
announce('ready')

async function sendOne(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  settled = resolve
  await delivery.send({
    operation: 'createInvoice',
    callback: 'invoiceNotification',
    method: 'POST',
    url: `${receiver}/latency`,
    destination: `${receiver}/`,
    body: Buffer.from(JSON.stringify({ sentAt: String(process.hrtime.bigint()) })),
  })
  await promise
}
