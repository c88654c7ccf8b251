import type { ClaimedDelivery, NextStep, StoredDelivery } from '../stored-delivery.ts'

/** A claimed delivery as the store has it once its attempt has settled it. */
export function settledDelivery(
  claimed: ClaimedDelivery,
  next: Exclude<NextStep, { readonly state: 'scheduled' }>,
  settledAt: number,
): StoredDelivery {
  const { id, operation, callback, method, url, destination, recipient, destinationHash, createdAt } = claimed
  const told = { id, operation, callback, method, url, destination, recipient, destinationHash, createdAt }
  return {
    ...told,
    state: next.state,
    attemptCount: claimed.attemptNumber,
    responseValid: next.state === 'delivered' ? next.responseValid : undefined,
    nextAttemptAt: undefined,
    settledAt,
    reason: next.state === 'delivered' ? undefined : next.reason,
    ...(claimed.endpoint !== undefined && { endpoint: claimed.endpoint.id, owner: claimed.endpoint.owner }),
  }
}
