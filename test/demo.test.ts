import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { before, test } from 'node:test'

const root = dirname(import.meta.dirname)

const headings = [
  'Ringback: APIs that call their users back',
  '1. A request, and the callback that follows it',
  '2. The external API is down for a while',
  '3. The API is killed before it could deliver',
  '4. Callback URLs that lead into a private network',
  '5. A misspelt parameter',
  '6. Try it yourself',
]

let demo: Awaited<ReturnType<typeof runDemo>>
before(async () => {
  demo = await runDemo()
})

test('npm run demo -- --once shows the six steps, checks each of them, and ends with 0', () => {
  const { status, output, errors } = demo
  assert.equal(errors, '')
  assert.equal(status, 0, output)
  const steps = stepsOf(output)
  assert.deepEqual([...steps.keys()], headings)
  const [introduction = '', first = '', second = '', third = '', fourth = '', fifth = '', sixth = ''] = steps.values()

  assert.match(introduction, /callback\.post\(\s*'\{\$callback_url\}\/invoices\/\{\$request\.body\.id\}'/)
  const external = /^ {2}the external API {2}(\S+)/m.exec(introduction)?.[1]

  assert.ok(first.includes(`POST /invoices/?callback_url=${external}/events\n`))
  assert.ok(first.includes('{"id": "2expen51ve", "customer": "Mr. Richie Rich", "total": "9999"}'))
  assert.match(first, /POST \/events\/invoices\/2expen51ve\n.*\n {2}webhook-id: msg_\w+_\S{16}\n/)
  assert.ok(first.includes('{"description":"Payment celebration","paid":true}'))
  assert.ok(first.includes('200 OK\n  {"ok": true}'))
  assert.match(first, /✓ Its signature is right/)

  for (const step of [second, third]) {
    const [, failed] = /delivery {3}(msg_\w+), scheduled\n {2}attempt 1 {2}unreachable\n/.exec(step) ?? []
    const [, arrived] = /webhook-id: (msg_\w+)_\S{16}\n/.exec(step) ?? []
    assert.ok(failed)
    assert.equal(arrived, failed)
  }
  const [, killed, started] = /\(kill -9 (\d+)\).*new process \((\d+)\)/s.exec(third) ?? []
  assert.ok(killed && started)
  assert.notEqual(killed, started)

  assert.match(fourth, /callback_url=http:\/\/10\.0\.0\.7\/\n\n {2}422 /)
  assert.match(fourth, /callback_url=http:\/\/169\.254\.169\.254\/latest\/meta-data\/\n\n {2}422 /)
  assert.match(fourth, /"in": "query",\n {8}"pointer": "#\/callback_url"/)
  assert.match(fourth, /✓ The handler did not run/)

  assert.match(fifth, /invoices\.ts:\d+:\d+ - error TS2322/)
  assert.match(fifth, /"no path, query or header parameter\s+\\"callbak_url\\"; declared: \\"callback_url\\""/)
  assert.match(fifth, /\n {2}\d+ +callbacks: invoiceCallbacks,\n +~~~~~~~~~\n/)

  assert.match(sixth, /http:\/\/127\.0\.0\.1:\d+\/docs#\/default\/createInvoice\n/)
  assert.match(sixth, /http:\/\/127\.0\.0\.1:\d+\/docs\/deliveries\n/)
  const listener = /^ {2}Listening at (http:\/\/127\.0\.0\.1:\d+) for 1 request:\n/m.exec(sixth)?.[1]
  assert.match(sixth, /npx ringback listen http:\/\/127\.0\.0\.1:\d+\/openapi\.json \\\n/)
  assert.match(sixth, /\n {2}1 {2}\S+ {2}POST \/invoices\/listen {2}invoiceNotification {2}200 {2}valid {2}\d+ ms\n/)
  assert.ok(sixth.includes(`/invoices/?callback_url=${listener}'\n`), sixth)
})

test('npm run demo -- --once prints plain lines of at most 80 columns into a pipe', () => {
  const slowMachine = demo.output
    .replace(/\b\d+ ms$/gm, '99999 ms')
    .replace(/\b127\.0\.0\.1:\d+/g, '127.0.0.1:65535')
    .replace(/, process \d+$/gm, ', process 4194304')
  assert.deepEqual(
    slowMachine.split('\n').filter(line => line.length > 80 || /[^\x20-\x7e✓…]/.test(line)),
    [],
  )
})

async function runDemo(): Promise<{ status: number; output: string; errors: string }> {
  const child = spawn(process.execPath, [join(root, 'examples/demo.ts'), '--once'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [output, errors, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { status, output, errors }
}

/** The text of each step by its heading, which is a line without margin. */
function stepsOf(output: string): Map<string, string> {
  const parts = output.split(/^(?=\S)/m).filter(part => part.trim() !== '')
  return new Map(parts.map(part => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n'))]))
}
