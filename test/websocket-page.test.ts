import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { html, Ringback, text } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'
import { startBrowser } from './browser.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** What a page sees of a WebSocket that it opens, and to which it sends these messages. */
interface Seen {
  readonly received: readonly string[]
  readonly protocol: string
  readonly code: number
  readonly reason: string
}

describe('WebSockets in a browser', { skip: process.platform !== 'linux' || process.arch !== 'x64' }, () => {
  it('carry messages and cookies, tell why they close, and are kept from pages of other origins', async () => {
    const app = new Ringback({ title: 'Chat', version: '1.0.0', log: silent })
    app.get('/', { response: html() }, ({ setCookie }) => {
      setCookie('session', 's1')
      return '<!DOCTYPE html><title>Chat</title>'
    })
    const receive = z.object({ add: z.number() })
    const cookies = z.object({ session: z.string().optional() })
    app.websocket(
      '/sum',
      { receive, send: z.unknown(), cookies, subprotocols: ['sum.v1'] },
      async ({ socket, cookies }) => {
        await socket.send(cookies)
        let sum = 0
        for await (const { add } of socket) {
          sum += add
          await socket.send({ sum })
        }
      },
    )
    app.websocket('/open', { allowedOrigins: ['*'], send: text() }, async ({ socket }) => socket.send('in'))
    const server = await serve(app, { port: 0, signals: false, host: '127.0.0.1' })
    // Of another origin, and yet the browser sends it the same cookies.
    const evil = new Ringback({ title: 'Evil', version: '1.0.0', log: silent })
    evil.get('/', { response: html() }, () => '<!DOCTYPE html><title>Evil</title>')
    const other = await serve(evil, { port: 0, signals: false, host: '127.0.0.1' })
    const browser = await startBrowser()
    try {
      const page = await browser.newPage()
      const open = (url: string, protocols: string[], messages: string[], expected: number): Promise<Seen> =>
        page.evaluate(
          ({ url, protocols, messages, expected }) =>
            new Promise<Seen>(resolve => {
              const socket = new WebSocket(url, protocols)
              const received: string[] = []
              let protocol = ''
              socket.addEventListener('open', () => {
                protocol = socket.protocol
                for (const message of messages) socket.send(message)
              })
              socket.addEventListener('message', ({ data }) => {
                received.push(data)
                if (received.length === expected) socket.close(4002, 'thanks')
              })
              socket.addEventListener('close', ({ code, reason }) => resolve({ received, protocol, code, reason }))
            }),
          { url, protocols, messages, expected },
        )
      const at = server.url.replace('http', 'ws')
      await page.goto(server.url)
      assert.deepEqual(await open(`${at}/sum`, ['sum.v2', 'sum.v1'], ['{"add":1}', '{"add":2}'], 3), {
        received: ['{"session":"s1"}', '{"sum":1}', '{"sum":3}'],
        protocol: 'sum.v1',
        code: 4002,
        reason: 'thanks',
      })
      const wrong = await open(`${at}/sum`, [], ['{"add":"one"}'], 9)
      assert.equal(wrong.code, 1008)
      assert.match(wrong.reason, /^The message does not fit: #\/add/)
      assert.equal((await open(`${at}/nothing`, [], [], 1)).code, 1006)
      await page.goto(other.url)
      assert.deepEqual((await open(`${at}/sum`, [], [], 1)).received, [])
      assert.deepEqual((await open(`${at}/open`, [], [], 9)).received, ['in'])
    } finally {
      await browser.close()
      await Promise.all([server.close(), other.close()])
    }
  })
})
