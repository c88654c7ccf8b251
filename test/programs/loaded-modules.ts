import { registerHooks } from 'node:module'

/**
 * Prints what the first response of an application loads: the names of Node's own modules, and the URLs of the others.
 */
const urls: string[] = []
registerHooks({
  load(url, context, nextLoad) {
    if (!url.startsWith('node:')) urls.push(url)
    return nextLoad(url, context)
  },
})

const { Ringback, callback } = await import('ringback')
const { serve } = await import('ringback/node')
const { z } = await import('zod')

const log = { debug() {}, info() {}, warn() {}, error: console.error }
const app = new Ringback({ title: 'Loaded modules', version: '1.0.0', log })
app.post(
  '/invoices/',
  {
    query: z.object({ callback_url: z.url().optional() }),
    body: z.object({ id: z.string() }),
    response: z.object({ id: z.string() }),
    callbacks: { paid: callback.post('{$callback_url}', { body: z.object({ paid: z.boolean() }) }) },
  },
  async ({ body }) => body,
)
const server = await serve(app, { port: 0, host: '127.0.0.1' })

// Node's `fetch` would load what must not be loaded.
const { connect } = process.getBuiltinModule('node:net')
const body = '{"id":"2expen51ve"}'
const socket = connect(server.port, '127.0.0.1')
socket.write(`POST /invoices/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n`)
socket.write(`Content-Length: ${body.length}\r\n\r\n${body}`)
const response = (await socket.setEncoding('utf8').toArray()).join('')
console.log(JSON.stringify({ response, urls, builtin: Reflect.get(process, 'moduleLoadList') }))
await server.close()
