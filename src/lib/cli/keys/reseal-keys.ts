import { systemClock } from '../../clock.ts'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import type { StoredEndpoint } from '../../delivery/endpoints/endpoint-store.ts'
import { openEndpoint, sealEndpoint } from '../../delivery/endpoints/sealed-endpoint.ts'
import { sealedBy } from '../../signature/at-rest.ts'
import { atRestKey } from '../../signature/master-secret.ts'
import { CommandError } from '../command-error.ts'
import type { StoreOptions } from '../deliveries-options.ts'
import { withStore } from '../store/open-deliveries.ts'
import { printJson, printLines } from '../terminal.ts'

const readAtOnce = 100

/**
 * `ringback keys reseal`: seals the secrets of endpoints under the current master secret, so that an earlier one may go.
 * It may be ended at any time and begun again: what is sealed by the current one already stays.
 */
export async function resealKeys({ store: path, json = false }: StoreOptions): Promise<void> {
  await withStore(path, async ({ store, masterSecrets }) => {
    const [current] = masterSecrets
    if (current === undefined)
      throw new CommandError(
        'Set RINGBACK_MASTER_SECRET to the new master secret and the earlier one, a comma between them',
      )
    let resealed = 0
    for (let cursor: string | undefined; ; ) {
      const page = await store.listEndpoints({ owner: '', cursor, limit: readAtOnce })
      for (const endpoint of page.items) if (await reseal(store, endpoint, masterSecrets)) resealed++
      cursor = page.nextCursor
      if (cursor === undefined) break
    }
    if (json) return printJson({ resealed })
    printLines([
      `Resealed ${resealed === 1 ? '1 endpoint' : `${resealed} endpoints`}`,
      'Keep the earlier master secret until what was sealed with it has been sent: 14 days, if nothing else is set',
    ])
  })
}

/** Seals an endpoint anew unless it is sealed by the current secret; whoever changes it meanwhile does the same. */
async function reseal(
  store: DeliveryStore,
  { id, revision, sealed }: StoredEndpoint,
  masterSecrets: readonly string[],
): Promise<boolean> {
  if (sealedBy(atRestKey(masterSecrets[0]!), sealed)) return false
  const values = { sealed: sealEndpoint(id, openEndpoint({ id, sealed }, masterSecrets), masterSecrets) }
  const result = await store.changeEndpoint({ id, revision, values, now: systemClock.now() })
  return typeof result !== 'string'
}
