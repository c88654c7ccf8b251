import { Failure } from './failure.ts'
import { type PostedInvoice, postInvoice } from './post-invoice.ts'
import { confirm, heading, say, show } from './screen.ts'
import type { Stage } from './stage.ts'

const invoice = '{"id": "refused", "customer": "Mr. Richie Rich", "total": 9999}'
const privateUrls = ['http://10.0.0.7/', 'http://169.254.169.254/latest/meta-data/'] as const

/** Step 4: a client gives URLs that lead into the network of the API. */
export async function showRefusal(stage: Stage): Promise<void> {
  heading('4. Callback URLs that lead into a private network')
  say(
    'Whoever may give a URL may also give one that only the API can reach: a machine of its private network, or the address at which cloud machines find their credentials. For this demo the API may call its own machine; every other address that is not public stays refused.',
  )
  const before = await traces(stage)
  const [lan, metadata] = [await refused(stage, privateUrls[0]), await refused(stage, privateUrls[1])]
  show([`${lan.request[0]}`, '', lan.statusText, ...indentedJson(lan.body)])
  show([`${metadata.request[0]}`, '', metadata.statusText, '… the same text'])
  const after = await traces(stage)
  if (lan.body !== metadata.body)
    throw new Failure('The two refusals differ, so that they tell something of the network')
  if (after.handlerRan) throw new Failure('The handler ran for a refused URL')
  if (after.deliveryCount !== before.deliveryCount) throw new Failure('A delivery to a refused URL was stored')
  confirm('The handler did not run (V8 counts its calls), and no delivery was stored.')
  confirm('Both responses are equal byte for byte: a client cannot find out what exists in the network.')
}

async function refused(stage: Stage, callbackUrl: string): Promise<PostedInvoice> {
  const posted = await postInvoice(stage, callbackUrl, invoice)
  if (posted.status !== 422) throw new Failure(`The API responded to the URL ${callbackUrl} with ${posted.statusText}`)
  return posted
}

const traces = async ({ api }: Stage) => ({
  handlerRan: await api.ask('handlerRan'),
  deliveryCount: await api.ask('deliveryCount'),
})

const indentedJson = (text: string): string[] => JSON.stringify(JSON.parse(text), undefined, 2).split('\n')
