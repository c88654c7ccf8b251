import { callback, receive, sqliteDedupe } from 'ringback/receiver'
import Stripe from 'stripe'
import { z } from 'zod'

const stripe = new Stripe('sk_not_needed_for_this')
const event = callback.post('{$callback_url}', { body: z.object({ type: z.string() }) })

export const fromStripe = (secret: string, path: string) =>
  receive(
    event,
    {
      verify(request, bytes) {
        const signature = request.headers.get('stripe-signature') ?? ''
        const { id, created } = stripe.webhooks.constructEvent(Buffer.from(bytes), signature, secret)
        return { id, timestamp: created }
      },
      // An event is repeated for three days, with the time at which it was made.
      toleranceSeconds: 4 * 86_400,
      dedupe: sqliteDedupe({ path }),
    },
    ({ body }) => console.log(body.type),
  )
