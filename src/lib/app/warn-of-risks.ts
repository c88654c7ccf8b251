import { wideEntries } from '../destination/address/wide-entries.ts'
import type { Log } from '../log/log.ts'

/** Warns of settings that open more than anybody wants who knows of it. */
export function warnOfRisks(allow: readonly string[], log: Log): void {
  for (const entry of wideEntries(allow))
    log.warn(
      `"delivery.destinations.allow" holds "${entry}", which lets callbacks of strangers into your own network: list the hosts that are meant`,
    )
  if (process.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0')
    log.warn(
      'NODE_TLS_REJECT_UNAUTHORIZED is 0: this process checks no certificates, except those of the receivers of callbacks; for an authority of your own set NODE_EXTRA_CA_CERTS instead',
    )
}
