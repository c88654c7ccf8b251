import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.ts'
import { runTool } from './run-tool.ts'

/** Inside of `dist`, so that it is ignored, and inside of the package, so that `ringback` means this very build. */
const folder = 'dist/type-budget'

const query = 'z.object({ callback_url: z.url().optional(), page: z.number().int() })'
const body = 'z.object({ id: z.string(), title: z.string().optional(), customer: z.string(), total: z.number() })'
const response = 'z.object({ msg: z.string(), id: z.string() })'
const event = 'z.object({ description: z.string(), paid: z.boolean() })'
const received = 'z.object({ ok: z.boolean() })'

const head = `import { callback, Ringback } from 'ringback'
import { z } from 'zod'
const app = new Ringback({ title: 'Budget', version: '1.0.0' })
const Query = ${query}, Body = ${body}, Response = ${response}, Event = ${event}, Received = ${received}
void [callback, Query, Body, Response, Event, Received]
`

function plainRoute(number: number, query: string, body: string, response: string, handler: string): string {
  return `app.post('/plain${number}', { query: ${query}, body: ${body}, response: ${response} }, ${handler})`
}

/** Handlers of a route without callback: one that touches nothing, and one that reads what came in. */
const idle = `async () => ({ msg: '', id: '' })`
const reading = 'async ({ query, body }) => ({ msg: body.customer, id: String(query.page) })'

function callbackRoute(
  number: number,
  query: string,
  body: string,
  response: string,
  event: string,
  received: string,
): string {
  return `app.post('/callback${number}', { query: ${query}, body: ${body}, response: ${response},
  callbacks: { note: callback.post('{$callback_url}/invoices/{$request.body.id}', { body: ${event}, response: ${received} }) } },
  async ({ query, body, callbacks }) => {
    await callbacks.note?.send({ description: body.customer, paid: query.page > 1 })
    return { msg: body.customer, id: body.id }
  })`
}

/** Each kind of route, and how many instantiations of types one more of it may cost. */
const variants: readonly { name: string; budget: number; route: (number: number) => string }[] = [
  { name: 'shared schemas', budget: 250, route: number => plainRoute(number, 'Query', 'Body', 'Response', idle) },
  {
    name: 'shared schemas, a used callback',
    budget: 750,
    route: number => callbackRoute(number, 'Query', 'Body', 'Response', 'Event', 'Received'),
  },
  { name: 'fresh schemas', budget: 1250, route: number => plainRoute(number, query, body, response, reading) },
  {
    name: 'fresh schemas, a used callback',
    budget: 2400,
    route: number => callbackRoute(number, query, body, response, event, received),
  },
]

/** What the compiler counts for a program of `count` routes. */
function instantiations(count: number, route: (number: number) => string): number {
  mkdirSync(join(root, folder), { recursive: true })
  const routes = Array.from({ length: count }, (_, number) => route(number))
  writeFileSync(join(root, folder, 'routes.ts'), head + routes.join('\n') + '\n')
  writeFileSync(
    join(root, folder, 'tsconfig.json'),
    JSON.stringify({ extends: '../../tsconfig.json', include: ['.'], exclude: [] }),
  )
  const { ok, output } = runTool('tsc', ['-p', folder, '--extendedDiagnostics', '--pretty', 'false'])
  const counted = /^Instantiations:\s+(\d+)/m.exec(output)?.[1]
  if (!ok || counted === undefined) {
    console.log(`The compiler refuses the program:\n${output.slice(0, 2000)}`)
    process.exit(1)
  }
  return Number(counted)
}

const measured = variants.map(({ name, budget, route }) => {
  // The difference leaves out what a program costs before its first route.
  const each = Math.round((instantiations(200, route) - instantiations(100, route)) / 100)
  console.log(`${each} of ${budget} instantiations a route: ${name}`)
  return { each, budget }
})
if (measured.some(({ each, budget }) => each > budget)) process.exitCode = 1
console.log(measured.map(({ each, budget }) => `${each}/${budget}`).join(', '))
