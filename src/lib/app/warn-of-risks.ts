import { wideEntries } from '../destination/address/wide-entries.ts'
import type { Log } from '../log/log.ts'

/** Warns of settings that open more than their author may know. */
export function warnOfRisks(allow: readonly string[], log: Log): void {
  for (const entry of wideEntries(allow))
    log.warn(
      `"delivery.destinations.allow" contains "${entry}", which lets strangers send callbacks into your own network: list only the hosts that you mean`,
    )
  if (process.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0')
    log.warn(
      'NODE_TLS_REJECT_UNAUTHORIZED is 0: this process verifies no certificates except those of callback receivers; for your own certificate authority, set NODE_EXTRA_CA_CERTS instead',
    )
}
