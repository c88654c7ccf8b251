import type { StoreOptions } from '../deliveries-options.ts'
import { withDeliveries } from '../store/open-deliveries.ts'
import { printJson, printLines } from '../terminal.ts'
import { toldOfRange } from './with-destinations.ts'

/** `ringback deliveries pause` */
export async function pauseSending({
  store,
  json,
  ...pause
}: StoreOptions & { readonly reason: string; readonly by: string }): Promise<void> {
  await withDeliveries(store, ({ deliveries }) => deliveries.pause(pause).catch(toldOfRange))
  if (json) printJson({ paused: true })
  else printLines(['Sending is paused until "ringback deliveries resume"'])
}

/** `ringback deliveries resume` */
export async function resumeSending({ store, json }: StoreOptions): Promise<void> {
  await withDeliveries(store, ({ deliveries }) => deliveries.resume())
  if (json) printJson({ paused: false })
  else printLines(['Sending goes on'])
}
