import { recipientSecret } from 'ringback/signature'
import { Webhook } from 'standardwebhooks'
import type { ReceivedRequest } from '../../support/receiver.ts'

/** What the servers acknowledged against what arrived. */
export interface Verdict {
  readonly acknowledged: number
  /** Acknowledged invoices whose callback the receiver never took. */
  readonly lost: readonly string[]
  /** Requests that the receiver had taken before, with the same id and bytes. */
  readonly duplicates: number
  /** Violations, in words. */
  readonly violations: readonly string[]
}

/** A request with whether the receiver took it. */
export interface Arrival extends ReceivedRequest {
  readonly taken: boolean
}

/** An invoice that got a 200; the id is unknown where the server died between status and body. */
export interface Acknowledgement {
  readonly invoice: string
  readonly delivery: string | undefined
}

/** Goes by the invoice in the URL: each has one callback. */
export function judge(
  acknowledged: readonly Acknowledgement[],
  arrivals: readonly Arrival[],
  masterSecret: string,
  destinationOf: (arrival: Arrival) => string,
): Verdict {
  const byInvoice = Map.groupBy(arrivals, ({ url }) => url.split('/').at(-1) ?? '')
  const taken = [...byInvoice.values()].map(group => group.filter(arrival => arrival.taken))
  const violations = [
    ...[...byInvoice].flatMap(([invoice, group]) => differences(invoice, group)),
    ...acknowledged.flatMap(ledgered => wrongId(ledgered, byInvoice.get(ledgered.invoice))),
    ...arrivals.flatMap(arrival => wrongSignature(arrival, recipientSecret(masterSecret, destinationOf(arrival)))),
  ]
  return {
    acknowledged: acknowledged.length,
    lost: acknowledged
      .map(({ invoice }) => invoice)
      .filter(invoice => !byInvoice.get(invoice)?.some(({ taken }) => taken)),
    duplicates: taken.reduce((sum, group) => sum + Math.max(group.length - 1, 0), 0),
    violations,
  }
}

/** Every request for an invoice must be the same message. */
function differences(invoice: string, group: readonly Arrival[]): string[] {
  const ids = new Set(group.map(({ headers }) => headers['webhook-id']))
  const bodies = new Set(group.map(({ body }) => body.toString()))
  const expected = JSON.stringify({ description: `Invoice ${invoice}`, paid: true })
  return [
    ...(ids.size > 1 ? [`Invoice ${invoice} came with the ids ${[...ids].join(', ')}`] : []),
    ...[...bodies].filter(body => body !== expected).map(body => `Invoice ${invoice} came with the body ${body}`),
  ]
}

function wrongId({ invoice, delivery }: Acknowledgement, group: readonly Arrival[] = []): string[] {
  const id = group[0]?.headers['webhook-id']
  if (delivery === undefined || id === undefined || String(id).startsWith(`${delivery}_`)) return []
  return [`Invoice ${invoice} was acknowledged as ${delivery} and came as ${id}`]
}

function wrongSignature({ headers, body, url }: Arrival, secret: string): string[] {
  try {
    // A soak may take longer than a message's maximum age, so each is verified as of its signing.
    const { 'webhook-timestamp': timestamp, 'webhook-id': id, 'webhook-signature': signature } = headers
    const expected = new Webhook(secret).sign(String(id), new Date(Number(timestamp) * 1000), body.toString())
    return String(signature).split(' ').includes(expected) ? [] : [`${url} came with a wrong signature`]
  } catch (error) {
    return [`${url} came with a signature that is none: ${error}`]
  }
}
