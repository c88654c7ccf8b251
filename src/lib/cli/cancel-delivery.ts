import { deliveryId } from '../delivery/keys/webhook-id.ts'
import { CommandError } from './command-error.ts'
import type { StoreOptions } from './deliveries-options.ts'
import { type OpenDeliveries, withDeliveries } from './store/open-deliveries.ts'
import { printJson, printLines } from './terminal.ts'

/** `ringback deliveries cancel` */
export async function cancelDelivery(told: string, { store, json }: StoreOptions): Promise<void> {
  const id = deliveryId(told)
  await withDeliveries(store, open => cancel(id, open))
  if (json) printJson({ id, state: 'cancelled' })
  else printLines([`Cancelled ${id}`])
}

async function cancel(id: string, { deliveries, store }: OpenDeliveries): Promise<void> {
  if (await deliveries.cancel(id)) return
  const found = await store.get(id)
  throw new CommandError(
    found === undefined
      ? `There is no delivery "${id}"`
      : `Cannot cancel delivery "${id}": it is already ${found.state}`,
  )
}
