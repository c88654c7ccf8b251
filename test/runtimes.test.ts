import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { generateSecret } from 'ringback/signature'
import { build } from 'rolldown'
import { Receiver } from './support/receiver.ts'
import { signedRequest } from './support/signed-request.ts'

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const binary = (name: string) => file(`../node_modules/.bin/${name}`)

const SEEN = [
  '/openapi.json 200 {"openapi":"3.1',
  '/openapi.yaml 200 openapi: 3.1.1',
  '/docs 200 <!doctype html>',
  '/docs/init.js 200 const dark = ma',
  '/docs/swagger-ui.css 200 .swagger-ui{col',
  '/nothing 404 {"type":"about:',
  'invalid 422',
]

/** A program on another runtime, with all that it prints. */
class Running {
  readonly child: ChildProcess
  output = ''
  readonly #exit: Promise<unknown[]>
  #heard = Promise.withResolvers<void>()

  constructor(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })
    for (const stream of [1, 2, 3] as const)
      this.child.stdio[stream]?.on('data', (chunk: Buffer) => {
        this.output += chunk
        this.#heard.resolve()
        this.#heard = Promise.withResolvers()
      })
    this.#exit = once(this.child, 'exit')
    void this.#exit.then(() => this.#heard.resolve())
  }

  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.output)
      if (found !== null) return found
      assert.equal(this.child.exitCode, null, this.output)
      await this.#heard.promise
    }
  }

  async stop(): Promise<unknown> {
    if (this.child.exitCode === null) this.child.kill('SIGTERM')
    return (await this.#exit)[0]
  }
}

describe('Ringback on other runtimes', { skip: process.platform !== 'linux' || process.arch !== 'x64' }, () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ringback-runtimes-'))
  })
  after(() => rm(folder, { recursive: true }))

  for (const [name, args] of [
    ['bun', ['run']],
    ['deno', ['run', '--quiet', '--allow-all']],
  ] as const)
    it(`serves and delivers on ${name}`, async () => {
      await using receiver = new Receiver()
      await receiver.start()
      const program = file('./programs/runtime-server.ts')
      const env = { RINGBACK_STORE: join(folder, name, 'deliveries.sqlite') }
      const running = new Running(binary(name), [...args, program], env)
      try {
        const [, url = ''] = await running.says(/Serving at (\S+)/)
        assert.deepEqual(JSON.parse(running.output.split('\n').find(line => line.startsWith('['))!), SEEN)
        const pay = (now: boolean) => fetch(`${url}/pay?callback_url=${receiver.url}&now=${now}`, { method: 'POST' })
        const stored = await pay(false)
        assert.deepEqual([stored.status, await stored.json()], [200, { code: 'none' }])
        assert.equal(stored.headers.get('set-cookie'), 'paid=yes; Path=/; HttpOnly; SameSite=Lax')
        assert.deepEqual(await (await pay(true)).json(), { code: 'none' })
        await receiver.until(() => receiver.received.length === 2)
        const bodies = receiver.received.map(({ body }) => body.toString())
        assert.deepEqual(bodies.toSorted(), ['{"n":1}', '{"n":2}'])
      } finally {
        assert.equal(await running.stop(), 0, running.output)
      }
      assert.doesNotMatch(running.output, /uncaught|TypeError|error:/i)
    })

  for (const [name, args] of [
    ['bun', ['run']],
    ['deno', ['run', '--quiet', '--allow-all']],
  ] as const)
    it(`receives on ${name}`, async () => {
      const secret = generateSecret()
      const program = file('./programs/runtime-receiver.ts')
      const running = new Running(binary(name), [...args, program], { RECEIVER_SECRET: secret })
      try {
        const [, url = ''] = await running.says(/Receiving at (\S+)/)
        const timestamp = Math.floor(Date.now() / 1_000)
        const send = (secrets: readonly string[]) =>
          fetch(signedRequest(`${url}/invoices/7`, { body: '{"paid":true}', timestamp, secrets }))
        assert.equal((await send([generateSecret()])).status, 401)
        for (const _ of [1, 2]) assert.deepEqual(await (await send([secret])).json(), { ok: true, id: '7' })
      } finally {
        assert.equal(await running.stop(), 0, running.output)
      }
    })

  it('serves on workerd, and refuses to send', async () => {
    const bundle = join(folder, 'worker.js')
    await build({
      input: file('./programs/runtime-worker.ts'),
      platform: 'neutral',
      resolve: { mainFields: ['module', 'main'] },
      external: /^node:/,
      output: { file: bundle, codeSplitting: false },
      logLevel: 'silent',
    })
    const config = join(folder, 'config.capnp')
    await writeFile(config, CONFIG)
    const running = new Running(binary('workerd'), ['serve', config, '--control-fd=3'])
    try {
      const [, port] = await running.says(/"socket":"http","port":(\d+)/)
      const url = `http://127.0.0.1:${port}`
      const seen = await (await fetch(`${url}/seen`)).json()
      assert.deepEqual(seen, SEEN)
      assert.equal(await (await fetch(`${url}/start`)).text(), 'started')
      await running.says(
        /Callbacks are not sent from Cloudflare Workers: "send" and "call" reject with ERR_NO_DELIVERY/,
      )
      for (const now of [true, false]) {
        const response = await fetch(`${url}/pay?callback_url=https://example.com&now=${now}`, { method: 'POST' })
        assert.deepEqual(await response.json(), { code: 'ERR_NO_DELIVERY' })
      }
    } finally {
      await running.stop()
    }
  })
})

const CONFIG = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-09-01",
);
`
