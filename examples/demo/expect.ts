import { setTimeout } from 'node:timers/promises'
import type { DeliveryDetails } from 'ringback/delivery'
import type { Received } from './external-api.ts'
import { Failure } from './failure.ts'
import type { PostedInvoice } from './post-invoice.ts'
import type { Stage } from './stage.ts'

// The demo shows nothing that was not checked: each function waits for one thing, or throws a Failure that says what is
// missing.

/** Throws unless the API has taken the invoice. */
export function expectAccepted(posted: PostedInvoice): void {
  if (posted.status !== 200)
    throw new Failure(`The API responded to the invoice with ${posted.statusText}: ${posted.body}`)
}

/** The callback of an invoice, verified. */
export async function expectCallback(stage: Stage, invoiceId: string, withinMs: number): Promise<Received> {
  const url = new URL(callbackUrlOf(stage, invoiceId))
  const missing = () => `the callback POST ${url.pathname} has not arrived`
  const received = await until(stage, withinMs, missing, () =>
    stage.externalApi.received.find(({ path }) => path === url.pathname),
  )
  if (received.refusal !== undefined)
    throw new Failure(`The callback POST ${url.pathname} arrived, but its signature is refused: ${received.refusal}`)
  return received
}

/** The delivery of an invoice's callback in the API's store, once it is in this state after this many attempts. */
export async function expectDelivery(
  stage: Stage,
  invoiceId: string,
  state: DeliveryDetails['state'],
  attemptCount: number,
): Promise<DeliveryDetails> {
  let stored: DeliveryDetails | undefined
  return until(
    stage,
    5_000,
    () =>
      `the delivery of the invoice "${invoiceId}" is ${stored?.state ?? 'not stored'}, not ${state} by attempt ${attemptCount}`,
    async () => {
      stored = await storedDelivery(stage, invoiceId)
      return stored?.state === state && stored.attempts.length === attemptCount ? stored : undefined
    },
  )
}

/** The delivery of an invoice's callback in the API's store, as it is now. */
export async function storedDelivery(stage: Stage, invoiceId: string): Promise<DeliveryDetails | undefined> {
  return stage.api.ask('delivery', callbackUrlOf(stage, invoiceId))
}

const callbackUrlOf = ({ callbackUrl }: Stage, invoiceId: string): string => `${callbackUrl}/invoices/${invoiceId}`

async function until<T>(
  { signal }: Stage,
  withinMs: number,
  missing: () => string,
  find: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  for (const end = Date.now() + withinMs; Date.now() < end; await setTimeout(10, undefined, { signal })) {
    const found = await find()
    if (found !== undefined) return found
  }
  throw new Failure(`After ${Math.round(withinMs / 1000)} s ${missing()}`)
}
