import { deliveryId } from '../delivery/keys/webhook-id.ts'
import { CommandError } from './command-error.ts'
import type { StoreOptions } from './deliveries-options.ts'
import { withDeliveries } from './store/open-deliveries.ts'
import { printJson, printLines } from './terminal.ts'

/** `ringback deliveries send-now` */
export async function sendNow(told: string, { store: path, json }: StoreOptions): Promise<void> {
  const id = deliveryId(told)
  await withDeliveries(path, async ({ deliveries, store }) => {
    if (await deliveries.sendNow(id)) return
    const found = await store.get(id)
    throw new CommandError(
      found === undefined
        ? `There is no delivery "${id}"`
        : `Cannot send delivery "${id}" now: ${found.state === 'scheduled' ? 'its request has not ended yet' : `it is ${found.state}`}`,
    )
  })
  if (json) printJson({ id, state: 'scheduled' })
  else printLines([`Will send ${id} now`])
}
