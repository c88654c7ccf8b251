import { registerHooks } from 'node:module'

/**
 * Prints what the first response of an application loads: the names of Node's own modules, and the URLs of the others.
 * With FORM=1, the response is to a form that may hold files; with SOCKETS=1, the application has a WebSocket.
 */
const urls: string[] = []
registerHooks({
  load(url, context, nextLoad) {
    if (!url.startsWith('node:')) urls.push(url)
    return nextLoad(url, context)
  },
})

const { Ringback, callback, form } = await import('ringback')
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
app.post(
  '/files',
  { body: form(z.object({ id: z.string(), file: z.file().optional() })), response: z.object({ id: z.string() }) },
  ({ body }) => ({ id: body.id }),
)
if (process.env['SOCKETS'] === '1') app.websocket('/ws', {}, async () => {})
app.static('/public', 'public', { mayBeMissing: true })
app.mount('/other', () => new Response())
const server = await serve(app, { port: 0, host: '127.0.0.1' })

// Node's `fetch` would load what must not be loaded.
const { connect } = process.getBuiltinModule('node:net')
const isForm = process.env['FORM'] === '1'
const [target, type, body] = isForm
  ? [
      '/files',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="id"\r\n\r\n7\r\n--b--\r\n',
    ]
  : ['/invoices/', 'application/json', '{"id":"2expen51ve"}']
const socket = connect(server.port, '127.0.0.1')
socket.write(`POST ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: ${type}\r\n`)
socket.write(`Content-Length: ${body.length}\r\n\r\n${body}`)
const response = (await socket.setEncoding('utf8').toArray()).join('')
console.log(JSON.stringify({ response, urls, builtin: Reflect.get(process, 'moduleLoadList') }))
await server.close()
