import type { FilterOptions, StoreOptions } from './deliveries-options.ts'
import { withDeliveries } from './open-deliveries.ts'
import { printJson, printLines } from './terminal.ts'

/** `ringback deliveries replay <id>` */
export async function replayOne(
  id: string,
  { store, json, newId = false }: StoreOptions & { readonly newId?: boolean | undefined },
): Promise<void> {
  const replayed = await withDeliveries(store, ({ deliveries }) => deliveries.replay(id, { newId }))
  if (json) printJson(replayed)
  else printLines([newId ? `Will send it again as ${replayed.id}` : `Will send ${replayed.id} again`])
}

/** `ringback deliveries replay --all` */
export async function replayAll({ store, json, ...filter }: StoreOptions & FilterOptions): Promise<void> {
  const replayed = await withDeliveries(store, ({ deliveries }) => deliveries.replayAll(filter))
  if (json) printJson({ replayed })
  else printLines([`Will send ${replayed} ${replayed === 1 ? 'delivery' : 'deliveries'} again`])
}
