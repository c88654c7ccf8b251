import { randomUUID } from 'node:crypto'
import { callback, dependency, HttpError, Ringback } from 'ringback'
import { apiKey } from 'ringback/security'
import { z } from 'zod'
import { readAccounts } from './accounts.ts'

const Order = z.object({ title: z.string().min(1), pages: z.int().min(1).max(500) }).meta({ id: 'Order' })
const Report = Order.extend({ id: z.string(), words: z.int() }).meta({ id: 'Report' })
const Heard = z.object({ ok: z.boolean() }).meta({ id: 'Heard' })

const accounts = readAccounts(process.env['API_KEYS'])

/** Whose request it is. What is sent for an account is signed with a secret of its own. */
const account = dependency({ dependencies: { key: apiKey({ in: 'header', name: 'X-Api-Key' }) } }, ({ key }) => {
  const name = accounts.get(key)
  if (name === undefined) throw new HttpError(401, 'This key is not known')
  return name
})

/** What we send to the URL that the client gave, and what we expect in return. */
const reportReady = callback.post('{$callback_url}/reports/{$response.body.id}', {
  summary: 'A report is ready',
  body: Report,
  response: Heard,
})

export const app = new Ringback({ title: 'Reports', version: '1.0.0', delivery: { recipient: account } })

const reports = new Map<string, z.output<typeof Report> & { account: string }>()

app.post(
  '/reports',
  {
    summary: 'Order a report',
    dependencies: { account },
    query: z.object({ callback_url: z.url().optional() }),
    body: Order,
    status: 202,
    response: Report,
    callbacks: { reportReady },
  },
  async function orderReport({ body, account, callbacks }) {
    const report = { ...body, id: randomUUID(), words: body.pages * 300 }
    reports.set(report.id, { ...report, account })
    // Stored before the client gets its response. Undefined where the client gave no URL.
    await callbacks.reportReady?.send(report)
    return report
  },
)

app.get(
  '/reports/{id}',
  { summary: 'Read a report', dependencies: { account }, response: Report, responses: { 404: {} } },
  async function readReport({ params, account }) {
    const report = reports.get(params.id)
    if (report?.account !== account) throw new HttpError(404, `There is no report "${params.id}"`)
    return report
  },
)

// A load balancer asks whether this process is there.
app.get('/health', { documented: false, response: z.object({ waiting: z.int() }) }, async function health({ app }) {
  const { waiting } = await app.deliveries.stats()
  return { waiting: waiting.scheduled }
})
