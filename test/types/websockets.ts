// What the definition of a WebSocket, and its handler, cannot be.
import { callback, dependency, Ringback, Router, text } from 'ringback'
import { z } from 'zod'

const app = new Ringback({ title: 'Wrong', version: '1.0.0' })
const Sum = z.object({ sum: z.number() })

app.websocket('/sum/{start}', { receive: z.object({ add: z.coerce.number() }), send: Sum }, async ({ socket, params }) => {
  for await (const message of socket) {
    // error: Property 'ad' does not exist on type '{ add: number; }'
    message.ad
    // error: Type 'string' is not assignable to type 'number'
    await socket.send({ sum: params.start })
  }
  // error: Property 'strat' does not exist on type 'TemplateParams<"/sum/{start}">'. Did you mean 'start'?
  params.strat
})

app.websocket('/silent', {}, async ({ socket }) => {
  // error: Argument of type '"hello"' is not assignable to parameter of type 'never'
  await socket.send('hello')
})

app.websocket('/protocols', { subprotocols: ['chat.v1', 'chat.v2'], receive: text() }, async ({ socket }) => {
  // error: This comparison appears to be unintentional because the types '"chat.v1" | "chat.v2" | undefined' and '"chat.v3"' have no overlap
  if (socket.subprotocol === 'chat.v3') socket.close()
  const message: string = await socket.receive()
  void message
})

app.websocket('/names/{name}', {
  // error: no \"{nam}\" in the path \"/names/{name}\"
  params: z.object({ nam: z.string() }),
}, async () => {})

app.websocket('/socket', {
  dependencies: {
    // error: the handler of a WebSocket already has \"socket\"; give this dependency another name
    socket: dependency({}, () => 7),
  },
}, async () => {})

app.websocket('/callbacks', {
  query: z.object({ callback_url: z.url() }),
  callbacks: {
    // error: no path, query or header parameter \"callbak_url\"
    wrong: callback.post('{$callbak_url}', {}),
  },
}, async () => {})

const router = new Router({ prefix: '/tenants/{tenant}', dependencies: { user: dependency({}, () => ({ name: 'Ada' })) } })
router.websocket('/chat', { query: z.object({ since: z.int() }) }, async ({ user, params, query, cookies }) => {
  // error: Property 'nam' does not exist on type '{ name: string; }'. Did you mean 'name'?
  user.nam
  params.tenant.toUpperCase()
  query.since.toFixed()
  // error: Property 'session' does not exist on type 'Undeclared<"cookies">'
  cookies.session
})
