import { callback, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

const orderDone = callback.post('{$request.body.callback_url}/orders/{$request.body.id}', {
  body: z.object({ status: z.literal('packed') }),
})

export const app = new Ringback({ title: 'Orders, resent', version: '1.0.0' })

app.post(
  '/orders',
  {
    operationId: 'placeOrder',
    body: z.object({ id: z.string(), callback_url: z.url() }),
    status: 202,
    callbacks: { orderDone },
  },
  async function placeOrder({ callbacks }) {
    await callbacks.orderDone.send({ status: 'packed' })
  },
)

/** Sends again what failed in the 24 hours before `now`, whenever it was created; gives back how many those were. */
export async function resendFailed(now = Date.now()): Promise<number> {
  // `since` of a filter is when a delivery was created, and one may fail three days later: so compare `settledAt`.
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page = await app.deliveries.list({ state: ['failed', 'blocked'], ...(cursor !== undefined && { cursor }) })
    for (const { id, settledAt } of page.items) if ((settledAt ?? 0) >= now - 86_400_000) ids.push(id)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  for (const id of ids) await app.deliveries.replay(id)
  return ids.length
}

// On the command line, with the store of the server. Five days, since a delivery fails at last three to four days after
// it was created, and --since asks when it was created:
//   npx ringback deliveries list --state failed,blocked --since 5d
//   npx ringback deliveries replay --all --state failed,blocked --since 5d
if (import.meta.main) await serve(app)
