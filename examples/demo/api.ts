import { app } from '../invoices.ts'
import { watchFunction } from './watch-function.ts'

// The API of the demo, in a process of its own so that it can be killed: the application of examples/invoices.ts, which
// `ringback dev` serves. It also answers a few questions of the demo over the channel between the two processes.

export { app }

const handlerRan = await watchFunction('createInvoice')

const answers = {
  secretFor: async (recipient: string) => app.secretFor(recipient),
  /** The newest delivery to a URL, with its attempts. */
  delivery: async (url: string) => {
    const { items } = await app.deliveries.list({ url, limit: 1 })
    return items[0] && app.deliveries.get(items[0].id)
  },
  deliveryCount: async () => (await app.deliveries.list()).items.length,
  /** Whether the handler of the operation has run since this was last asked. */
  handlerRan,
}

/** The questions of the demo, and their answers. */
export type ApiAnswers = typeof answers

/** One question, as it is sent. */
export interface ApiQuestion {
  readonly name: keyof ApiAnswers
  readonly argument: string
}

process.on('message', async message => {
  const { name, argument } = message as ApiQuestion
  process.send?.({ answer: await answers[name](argument) })
})
