import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { generateSecret } from 'ringback/signature'
import { type PostgresServer, startPostgres } from './support/postgres-server.ts'
import { Receiver } from './support/receiver.ts'

const PROGRAM = fileURLToPath(new URL('../dist/lib/cli/main.js', import.meta.url))
const APP = fileURLToPath(new URL('programs/postgres-app.ts', import.meta.url))

let server: PostgresServer
let env: Readonly<Record<string, string>>
before(async () => {
  server = await startPostgres()
  const { RINGBACK_STORE: _, PORT: __, ...inherited } = process.env as Record<string, string>
  const master = { RINGBACK_MASTER_SECRET: generateSecret(), RINGBACK_SCHEMA: 'hooks' }
  env = { ...inherited, ...master, DATABASE_URL: server.connectionString }
})
after(() => server.stop())

function ringback(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise(resolve => {
    execFile(process.execPath, [PROGRAM, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })
}

/** Starts a command, and waits until it says something. */
async function start(t: TestContext, args: readonly string[], ready: RegExp) {
  const child: ChildProcess = spawn(process.execPath, [PROGRAM, ...args], { env })
  t.after(() => child.kill('SIGKILL'))
  let output = ''
  const { promise, resolve } = Promise.withResolvers<RegExpExecArray>()
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', chunk => {
      output += chunk
      const found = ready.exec(output)
      if (found !== null) resolve(found)
    })
  const ended = async (signal: NodeJS.Signals) => {
    const exit = once(child, 'exit')
    child.kill(signal)
    return [(await exit)[0], output] as const
  }
  return { says: await promise, ended }
}

describe('processes that share a store in PostgreSQL', () => {
  it('make its tables, serve without sending, send without serving, and are looked after', async t => {
    const migrated = await ringback('migrate', '--store', server.connectionString)
    assert.equal(migrated.stderr, '')
    assert.match(migrated.stdout, /those of this release: PostgreSQL at 127\.0\.0\.1:\d+\/\w+, schema hooks\n$/)

    await using receiver = new Receiver()
    await receiver.start()
    const web = await start(
      t,
      ['run', APP, '--port', '0', '--host', '127.0.0.1', '--allow-loopback'],
      /Serving at (\S+)/,
    )
    for (const id of ['a', 'b'])
      await fetch(`${web.says[1]}/orders/${id}?callback_url=${receiver.url}`, { method: 'POST' })
    const listed = await ringback('deliveries', 'list', '--store', server.connectionString, '--json')
    const states = JSON.parse(listed.stdout).items.map(({ state }: { readonly state: string }) => state)
    assert.deepEqual(states, ['scheduled', 'scheduled'])

    const worker = ['worker', APP, '--concurrency', '4', '--allow-loopback']
    const workers = await Promise.all([
      start(t, worker, /Sending the deliveries/),
      start(t, [...worker, '--health-port', '0'], /Health at (\S+).*Sending the deliveries/s),
    ])
    const health = workers[1]!.says[1]
    for (const check of ['/live', '/ready']) assert.equal((await fetch(`${health}${check}`)).status, 200)
    await receiver.until(() => receiver.received.length === 2)
    const ids = receiver.received.map(({ body }) => JSON.parse(String(body)).id)
    assert.deepEqual(ids.toSorted(), ['a', 'b'])
    const destinations = await ringback('destinations', 'list', '--store', server.connectionString, '--json')
    assert.match(destinations.stdout, /"url": "http:\/\/127\.0\.0\.1/)
    for (const worker of workers) {
      const [code, output] = await worker.ended('SIGTERM')
      assert.equal(code, 0)
      assert.match(output, /begins.*has ended/s)
    }
    assert.equal((await web.ended('SIGTERM'))[0], 0)
    const { stdout } = await ringback('deliveries', 'list', '--store', server.connectionString)
    assert.equal(stdout.match(/delivered/g)?.length, 2)
  })

  it('are told what is only for files, and how to start a worker', async () => {
    const compacted = await ringback('deliveries', 'compact', '--store', server.connectionString)
    assert.deepEqual([compacted.code, compacted.stdout], [1, ''])
    assert.match(compacted.stderr, /store in a file/)
    assert.equal((await ringback('worker', APP, '--concurrency', 'many')).code, 2)
    const nobody = server.connectionString.replace(':password@', ':wrong@')
    const refused = await ringback('deliveries', 'list', '--store', nobody)
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /refuses the user or the password/)
    assert.doesNotMatch(refused.stderr, /wrong/)
  })
})
