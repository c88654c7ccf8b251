import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { createDestinationPolicy } from '../policy.ts'
import { createGuardedTransport } from './guarded-transport.ts'
import type { TransportOptions } from './transport.ts'

const limits = { timeoutMs: 200, responseLimitBytes: 65_536 }

/** A receiver with a loop of its own. Its name server answers as well while the test's loop stands still. */
async function receiver(t: TestContext): Promise<{ port: number; dns: string }> {
  const program = `
    const { createServer } = require('node:http')
    const { createSocket } = require('node:dgram')
    const { parentPort } = require('node:worker_threads')
    const server = createServer((request, response) => {
      request.resume()
      if (request.url === '/silent') return
      if (request.url !== '/cut') return response.end('{"ok":true}')
      response.writeHead(202, { 'content-length': 9 })
      response.write('ab')
    }).listen(0, '127.0.0.1', () => {
      const dns = createSocket('udp4')
      dns.on('message', (query, { port, address }) => {
        const isA = query.readUInt16BE(query.length - 4) === 1 || query.includes(Buffer.from([0, 0, 1, 0, 1]))
        const header = Buffer.from([query[0], query[1], 0x81, 0x80, 0, 1, 0, isA ? 1 : 0, 0, 0, 0, 0])
        const end = query.indexOf(0, 12) + 5
        const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1])
        dns.send(Buffer.concat([header, query.subarray(12, end), ...(isA ? [record] : [])]), port, address)
      })
      dns.bind(0, '127.0.0.1', () => parentPort.postMessage({ port: server.address().port, dns: '127.0.0.1:' + dns.address().port }))
    })
  `
  const worker = new Worker(program, { eval: true })
  t.after(() => worker.terminate())
  const [told] = await once(worker, 'message')
  return told
}

/** Nothing else runs here meanwhile. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

async function setUp(t: TestContext) {
  const { port, dns } = await receiver(t)
  const transport = createGuardedTransport({
    policy: createDestinationPolicy({ allow: ['127.0.0.1'] }),
    servers: () => [dns],
  })
  t.after(() => transport.close())
  return (url: string, options: Partial<TransportOptions> = {}) => {
    const request = { method: 'POST', url: url.replace('PORT', String(port)), headers: {}, body: Buffer.from('{}') }
    return transport.send(request, { ...limits, ...options })
  }
}

/** When the process stands still, for longer than the attempt may take. */
const moments: readonly (readonly [when: string, url: string, status: number, written: boolean])[] = [
  ['while its response comes', 'http://127.0.0.1:PORT/', 200, true],
  ['while a response comes whose body is cut', 'http://127.0.0.1:PORT/cut', 202, true],
  ['while it connects', 'http://127.0.0.1:PORT/', 200, false],
  ['while a name is looked up', 'http://hooks.test:PORT/', 200, false],
]

for (const [when, url, expected, written] of moments)
  test(`a process that stands still ${when} takes it for what it is`, async t => {
    const send = await setUp(t)
    // What the first request loads takes time as well
    await send('http://127.0.0.1:PORT/other', { timeoutMs: 10_000 })
    const destination = { url: 'https://other.example/', recipient: undefined }
    const beforeConnect = (): void => void (written && setImmediate(() => standStill(500)))
    const sent = send(url, { beforeConnect, destination })
    if (!written) standStill(500)
    assert.equal((await sent).status, expected)
  })

test('a process that stands still ends an attempt that has no response', async t => {
  const send = await setUp(t)
  const beforeConnect = (): void => void setImmediate(() => standStill(500))
  await assert.rejects(send('http://127.0.0.1:PORT/silent', { beforeConnect }), { code: 'ERR_CALLBACK_TIMEOUT' })
})

const program = `
  import { createDestinationPolicy } from '${new URL('../policy.ts', import.meta.url)}'
  import { createGuardedTransport } from '${new URL('guarded-transport.ts', import.meta.url)}'
  const transport = createGuardedTransport({ policy: createDestinationPolicy({ allow: ['127.0.0.1'] }) })
  const send = async (url, timeoutMs) => {
    const request = { method: 'POST', url, headers: {}, body: Buffer.from('{}') }
    return (await transport.send(request, { timeoutMs, responseLimitBytes: 65_536 })).status
  }
  process.on('message', async url => {
    await send(url + 'first', 10_000)
    process.send(await send(url, 300).catch(error => error.code))
  })
`

for (const status of [200, 410, 503])
  test(`a process that is stopped and continued reads the ${status} that came meanwhile`, async t => {
    const server = createServer((request, response) => {
      request.resume()
      if (request.url === '/first') {
        response.end()
        return
      }
      child.kill('SIGSTOP')
      response.writeHead(status).end('{}')
      setTimeout(() => child.kill('SIGCONT'), 600)
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    t.after(() => {
      child.kill('SIGKILL')
      server.close().closeAllConnections()
    })
    child.send(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    const [told] = await once(child, 'message')
    assert.equal(told, status)
  })
