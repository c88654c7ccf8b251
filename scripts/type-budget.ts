import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.ts'
import { runTool } from './run-tool.ts'

/** Inside of the package, so that `ringback` means this very build, and out of `dist`, which is packed meanwhile. */
const folder = 'dist-check/type-budget'

const fresh = {
  query: 'z.object({ callback_url: z.url().optional(), page: z.number().int() })',
  body: 'z.object({ id: z.string(), title: z.string().optional(), customer: z.string(), total: z.number() })',
  response: 'z.object({ msg: z.string(), id: z.string() })',
  event: 'z.object({ description: z.string(), paid: z.boolean() })',
  received: 'z.object({ ok: z.boolean() })',
}
type Schemas = Readonly<Record<keyof typeof fresh, string>>

/** The names under which `head` declares the schemas once. */
const shared: Schemas = { query: 'Query', body: 'Body', response: 'Response', event: 'Event', received: 'Received' }
const declared = Object.entries(fresh).map(([key, schema]) => `${shared[key as keyof Schemas]} = ${schema}`)

const head = `import { callback, Ringback } from 'ringback'
import { z } from 'zod'
const app = new Ringback({ title: 'Budget', version: '1.0.0' })
const ${declared.join(', ')}
void [callback, Query, Body, Response, Event, Received]
`

function plainRoute(number: number, { query, body, response }: Schemas, handler: string): string {
  return `app.post('/plain${number}', { query: ${query}, body: ${body}, response: ${response} }, ${handler})`
}

/** Handlers of a route without callback: one that uses nothing, and one that reads the request. */
const idle = `async () => ({ msg: '', id: '' })`
const reading = 'async ({ query, body }) => ({ msg: body.customer, id: String(query.page) })'

function callbackRoute(number: number, { query, body, response, event, received }: Schemas): string {
  return `app.post('/callback${number}', { query: ${query}, body: ${body}, response: ${response},
  callbacks: { note: callback.post('{$callback_url}/invoices/{$request.body.id}', { body: ${event}, response: ${received} }) } },
  async ({ query, body, callbacks }) => {
    await callbacks.note?.send({ description: body.customer, paid: query.page > 1 })
    return { msg: body.customer, id: body.id }
  })`
}

/** Each kind of route, and how many instantiations of types one more of it may cost. */
const variants: readonly { name: string; budget: number; route: (number: number) => string }[] = [
  { name: 'shared schemas', budget: 250, route: number => plainRoute(number, shared, idle) },
  { name: 'shared schemas, a used callback', budget: 750, route: number => callbackRoute(number, shared) },
  { name: 'fresh schemas', budget: 1270, route: number => plainRoute(number, fresh, reading) },
  { name: 'fresh schemas, a used callback', budget: 2410, route: number => callbackRoute(number, fresh) },
]

/** As strict as a user's project may be, with options that both compilers know. */
const compilerOptions = {
  target: 'es2024',
  lib: ['es2024', 'esnext.disposable'],
  module: 'nodenext',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  noEmit: true,
}

/** The compiler that the budget applies to, and an earlier one that users still have. */
type Compiler = 'tsc' | 'tsc-5.9'

/** A compiler's count of instantiations for a program of `count` routes. */
function instantiations(compiler: Compiler, count: number, route: (number: number) => string): number {
  mkdirSync(join(root, folder), { recursive: true })
  const routes = Array.from({ length: count }, (_, number) => route(number))
  writeFileSync(join(root, folder, 'routes.ts'), head + routes.join('\n') + '\n')
  writeFileSync(join(root, folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['.'] }))
  const { ok, output } = runTool(compiler, ['-p', folder, '--extendedDiagnostics', '--pretty', 'false'])
  const counted = /^Instantiations:\s+(\d+)/m.exec(output)?.[1]
  if (!ok || counted === undefined) {
    console.log(`The compiler refuses the program:\n${output.slice(0, 2000)}`)
    process.exit(1)
  }
  return Number(counted)
}

/** The difference leaves out what a program costs before its first route. */
const perRoute = (compiler: Compiler, route: (number: number) => string): number =>
  Math.round((instantiations(compiler, 30, route) - instantiations(compiler, 10, route)) / 20)

const measured = variants.map(({ name, budget, route }) => {
  const each = perRoute('tsc', route)
  const earlier = perRoute('tsc-5.9', route)
  console.log(`${each} of ${budget} instantiations a route, ${earlier} with TypeScript 5.9: ${name}`)
  return { each, earlier, budget }
})
if (measured.some(({ each, budget }) => each > budget)) process.exitCode = 1
const earlier = measured.map(one => one.earlier).join(', ')
console.log(`${measured.map(({ each, budget }) => `${each}/${budget}`).join(', ')}; with TypeScript 5.9 ${earlier}`)
