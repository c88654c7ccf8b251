import type { DeliveryStore, ListQuery, StoredPage } from '../delivery-store.ts'
import type { StoredDelivery } from '../stored-delivery.ts'

/** How often a store is asked for one page. Each time it looks at a bounded number of deliveries. */
const asked = 40

/** A page of deliveries. It may be short although there are more, when few match among very many. */
export async function listDeliveries(
  store: Pick<DeliveryStore, 'list'>,
  { cursor, limit, ...filter }: ListQuery,
): Promise<{ readonly items: readonly StoredDelivery[]; readonly nextCursor: string | undefined }> {
  const items: StoredDelivery[] = []
  let nextCursor = cursor
  for (let times = 0; times < asked && items.length < limit; times++) {
    const page = await store.list({ ...filter, cursor: nextCursor, limit: limit - items.length })
    items.push(...page.items)
    nextCursor = page.nextCursor
    if (nextCursor === undefined) break
  }
  return { items, nextCursor }
}
