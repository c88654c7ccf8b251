import { registerHooks } from 'node:module'

const loaded: string[] = []
registerHooks({
  load(url, context, nextLoad) {
    loaded.push(url)
    return nextLoad(url, context)
  },
})

// Handles one message, so that what is loaded late is seen, too.
const { memoryDedupe, receive } = await import('ringback/receiver')
const { generateSecret, sign } = await import('ringback/signature')
const secret = generateSecret()
const definition = { kind: 'callback', method: 'post', url: '{$callback_url}/paid', options: {} } as const
const handler = receive(definition as never, { secrets: [secret], dedupe: memoryDedupe() }, (() => {}) as never)
const timestamp = Math.floor(Date.now() / 1_000)
const headers = {
  'webhook-id': 'msg_1',
  'webhook-timestamp': String(timestamp),
  'webhook-signature': sign({ id: 'msg_1', timestamp, body: '', secrets: [secret] }),
}
const { status } = await handler(new Request('https://external.example/paid', { method: 'POST', headers }))
console.log(JSON.stringify({ loaded, status }))
