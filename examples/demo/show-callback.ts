import { expectAccepted, expectCallback, expectDelivery } from './expect.ts'
import type { Received } from './external-api.ts'
import { Failure } from './failure.ts'
import { type PostedInvoice, postInvoice } from './post-invoice.ts'
import { type Block, confirm, faint, heading, say, showBeside } from './screen.ts'
import { arrivalLimitMs, type Stage } from './stage.ts'

/** The request of the page "OpenAPI Callbacks" of FastAPI's documentation, byte for byte. */
const first = {
  id: '2expen51ve',
  invoice: '{"id": "2expen51ve", "customer": "Mr. Richie Rich", "total": "9999"}',
}
const next = { id: 'again', invoice: '{"id": "again", "customer": "Mr. Richie Rich", "total": 9999}' }

/** Step 1: a request, and the callback that it causes. */
export async function showCallback(stage: Stage): Promise<void> {
  heading('1. A request, and the callback that follows it')
  say('A client sends the API an invoice. With it goes the URL at which the external API wants to be called back.')
  const { posted, received } = await exchange(stage, first)
  showBeside(requestBlock(posted), callbackBlock(received))
  const { responseValid } = await expectDelivery(stage, first.id, 'delivered', 1)
  if (!responseValid) throw new Failure('The API did not take the response of the external API for the declared one')
  if (!(await stage.api.ask('handlerRan'))) throw new Failure('The handler seems not to have run')
  const second = await exchange(stage, next)
  confirm(
    `The callback arrived ${delay({ posted, received })} the API's response. It was the first one of a new process; that of another invoice, sent just now, arrived ${delay(second)} the response.`,
  )
  confirm('Its signature is right, says the npm package "standardwebhooks", which knows nothing of Ringback.')
  confirm('The API checked the response to its callback: it is as declared.')
}

interface Exchange {
  readonly posted: PostedInvoice
  readonly received: Received
}

async function exchange(stage: Stage, { id, invoice }: typeof first): Promise<Exchange> {
  const posted = await postInvoice(stage, stage.callbackUrl, invoice)
  expectAccepted(posted)
  return { posted, received: await expectCallback(stage, id, arrivalLimitMs) }
}

const requestBlock = ({ request, statusText, tookMs, body }: PostedInvoice): Block => ({
  title: 'The client calls the API',
  lines: [...request, '', faint(`response after ${tookMs.toFixed(0)} ms`), statusText, body],
})

const callbackBlock = ({ method, path, headers, body, responseBody }: Received): Block => ({
  title: 'The API calls the external API back',
  lines: [
    `${method} ${path}`,
    ...['content-type', 'webhook-id', 'webhook-timestamp'].map(name => `${name}: ${headers[name]}`),
    `webhook-signature: ${(headers['webhook-signature'] ?? '').split(' ').map(shortened).join(' ')}`,
    '',
    body,
    '',
    faint('response of the external API'),
    '200 OK',
    responseBody,
  ],
})

/** Signatures are long, and nobody compares them by eye. */
const shortened = (signature: string): string => `${signature.slice(0, 16)}…`

function delay({ posted, received }: Exchange): string {
  const ms = received.arrivedAt - posted.respondedAt
  return `${Math.abs(ms).toFixed(1)} ms ${ms < 0 ? 'before' : 'after'}`
}
