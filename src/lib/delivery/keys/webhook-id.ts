/**
 * The value of the `webhook-id` header, the same for every attempt: the delivery's own id, and a suffix for the
 * receiver it was made for, so that a message for one receiver is not valid at another. A delivery to an endpoint has both in
 * its id already.
 */
export function webhookId({ id, destinationHash }: { readonly id: string; readonly destinationHash: string }): string {
  return destinationHash === '' ? id : `${id}_${destinationHash}`
}

const WEBHOOK_ID = /^(msg_[0-9a-z]{25})_[\w-]{16}$/

/** The id of a delivery. `told` may be that id, or the `webhook-id`, which is what a receiver knows. */
export function deliveryId(told: string): string {
  return WEBHOOK_ID.exec(told)?.[1] ?? told
}
