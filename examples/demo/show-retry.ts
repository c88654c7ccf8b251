import type { DeliveryDetails } from 'ringback/delivery'
import { expectAccepted, expectCallback, expectDelivery } from './expect.ts'
import type { Received } from './external-api.ts'
import { Failure } from './failure.ts'
import { postInvoice } from './post-invoice.ts'
import { confirm, countDown, heading, say, show } from './screen.ts'
import { arrivalLimitMs, type Stage } from './stage.ts'

const invoiceId = 'while-down'

/** Step 2: the external API is down when its callback is due. */
export async function showRetry(stage: Stage): Promise<void> {
  heading('2. The external API is down for a while')
  await stage.externalApi.stop()
  say('The external API is stopped. The API takes another invoice as before, but its callback fails.')
  const failed = await postWhileDown(stage, invoiceId)
  await stage.externalApi.start()
  say('The external API is back.')
  const received = await expectRetry(stage, invoiceId, failed)
  await expectDelivery(stage, invoiceId, 'delivered', 2)
  showArrival(received, 'The second attempt arrived')
  confirm('Its webhook-id is that of the failed attempt, so a receiver can tell a repetition from a new message.')
}

/** Sends an invoice while the external API is down, and shows the failed attempt from the store. */
export async function postWhileDown(stage: Stage, id: string): Promise<DeliveryDetails> {
  const invoice = JSON.stringify({ id, customer: 'Mr. Richie Rich', total: 9999 })
  const posted = await postInvoice(stage, stage.callbackUrl, invoice)
  expectAccepted(posted)
  const delivery = await expectDelivery(stage, id, 'scheduled', 1)
  const [attempt] = delivery.attempts
  if (attempt?.outcome !== 'unreachable')
    throw new Failure(`The attempt ended "${attempt?.outcome}", not "unreachable"`)
  show([
    `POST /invoices/…   ${posted.statusText} after ${posted.tookMs.toFixed(0)} ms   ${posted.body}`,
    '',
    `delivery   ${delivery.id}, ${delivery.state}`,
    `attempt 1  ${attempt.outcome}`,
    `           ${attempt.error}`,
  ])
  return delivery
}

/** Counts down to the next attempt, and checks that it brings the same message. */
export async function expectRetry(stage: Stage, id: string, delivery: DeliveryDetails): Promise<Received> {
  const dueAt = delivery.nextAttemptAt ?? Date.now()
  const arrival = expectCallback(stage, id, Math.max(dueAt - Date.now(), 0) + arrivalLimitMs)
  const received = await countDown('Next attempt in', dueAt, arrival)
  const messageId = received.headers['webhook-id'] ?? ''
  if (!messageId.startsWith(`${delivery.id}_`))
    throw new Failure(`The webhook-id "${messageId}" does not begin with the id of the delivery, "${delivery.id}"`)
  return received
}

/** Shows a callback in short. */
export function showArrival({ method, path, headers, body, responseBody }: Received, text: string): void {
  show([`${method} ${path}`, `webhook-id: ${headers['webhook-id']}`, body, `response: 200 OK ${responseBody}`])
  confirm(`${text}, and its signature is right.`)
}
