import { on } from 'node:events'
import type { Received } from './external-api.ts'
import { Failure } from './failure.ts'
import { postInvoice } from './post-invoice.ts'
import { confirm, heading, say, show, title } from './screen.ts'
import type { Stage } from './stage.ts'

const deepLink = '/docs#/default/createInvoice'
const consolePath = '/docs/deliveries'
const callbackPath = '{$request.query.callback_url}/invoices/{$request.body#/id}'

/** Step 6: what to open, and what to run yourself. */
export async function showAddresses(stage: Stage): Promise<void> {
  const { api, listener } = stage
  heading('6. Try it yourself')
  await checkDocs(stage)
  say('The documentation of the API, opened at the operation; its callback stands below its responses:')
  show([title(api.url + deepLink)])
  say('The console, where every delivery of this demo is, with its attempts:')
  show([title(api.url + consolePath)])
  await showListener(stage)
  say('An invoice of your own, to paste into another terminal; its callback comes to that receiver:')
  show([
    `curl -H 'content-type: application/json' \\`,
    `-d '{"id": "mine", "customer": "Me", "total": 7}' \\`,
    `'${api.url}/invoices/?callback_url=${listener.url}'`,
  ])
  say('Where to read next:')
  show([
    'examples/invoices.ts  the whole application that was shown',
    'examples/demo.ts      this demo',
    'README.md             an application of your own, and what Ringback can do',
  ])
}

/** The other half: a receiver for whoever has nothing but the document, and one invoice that shows that it works. */
async function showListener(stage: Stage): Promise<void> {
  const { api, listener } = stage
  const [document, keys] = [`${api.url}/openapi.json`, `${api.url}/.well-known/jwks.json`]
  say('A receiver that nobody had to write: this command verifies, validates and shows what comes.')
  show([`npx ringback listen ${document} \\`, `  --port 0 --keys ${keys}`])
  show(await listener.start([document, '--port', '0', '--keys', keys]))
  const arrival = listener.until(/^\d+ {2}/)
  const [lines] = await Promise.all([arrival, postInvoice(stage, listener.url, invoice)])
  const line = lines.at(-1) ?? ''
  show([line])
  if (!/ 200 {2}valid /.test(line)) throw new Failure('"ringback listen" refused the callback')
  confirm('It took the callback of an invoice that was sent just now, and responded as the document declares.')
  show([])
}

const invoice = '{"id": "listen", "customer": "Mr. Richie Rich", "total": 1}'

/** Prints each callback that arrives, until Ctrl-C. */
export async function showFurtherCallbacks({ externalApi, listener, signal }: Stage): Promise<void> {
  say('The demo stays until Ctrl-C and prints each callback that "ringback listen" or the external API receives.')
  listener.on('line', line => show([line]))
  try {
    for await (const [received] of on(externalApi, 'received', { signal })) showReceived(received)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

function showReceived({ method, path, body, refusal, status, responseBody }: Received): void {
  const time = new Date().toTimeString().slice(0, 8)
  const shown = refusal === undefined ? body : `refused: ${refusal}`
  show([`${time}  ${method} ${path}`, shown, `response: ${status} ${responseBody}`])
}

async function checkDocs({ api, signal }: Stage): Promise<void> {
  const page = await fetch(new URL('/docs', api.url), { signal })
  if (page.status !== 200) throw new Failure(`The page /docs responded with ${page.status}`)
  const console = await fetch(new URL(consolePath, api.url), { signal })
  if (console.status !== 200) throw new Failure(`The console ${consolePath} responded with ${console.status}`)
  const document = await (await fetch(new URL('/openapi.json', api.url), { signal })).text()
  if (!document.includes(callbackPath)) throw new Failure(`The document /openapi.json has no callback ${callbackPath}`)
}
