import { on } from 'node:events'
import type { Received } from './external-api.ts'
import { Failure } from './failure.ts'
import { heading, say, show, title } from './screen.ts'
import type { Stage } from './stage.ts'

const deepLink = '/docs#/default/createInvoice'
const consolePath = '/docs/deliveries'
const callbackPath = '{$request.query.callback_url}/invoices/{$request.body#/id}'

/** Step 6: what to open, and what to run yourself. */
export async function showAddresses(stage: Stage): Promise<void> {
  const { api, callbackUrl } = stage
  heading('6. Try it yourself')
  await checkDocs(stage)
  say('The documentation of the API, opened at the operation; its callback stands below its responses:')
  show([title(api.url + deepLink)])
  say('The console, where every delivery of this demo is, with its attempts:')
  show([title(api.url + consolePath)])
  say('An invoice of your own, to paste into another terminal:')
  show([
    `curl -H 'content-type: application/json' \\`,
    `-d '{"id": "mine", "customer": "Me", "total": 7}' \\`,
    `'${api.url}/invoices/?callback_url=${callbackUrl}'`,
  ])
  say('Where to read next:')
  show([
    'examples/invoices.ts  the whole application that was shown',
    'examples/demo.ts      this demo',
    'README.md             an application of your own, and what Ringback can do',
  ])
}

/** Prints each callback that arrives, until Ctrl-C. */
export async function showFurtherCallbacks({ externalApi, signal }: Stage): Promise<void> {
  say('The demo stays until Ctrl-C and prints each callback that the external API receives.')
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
