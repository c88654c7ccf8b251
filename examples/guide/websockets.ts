import { dependency, HttpError, html, Ringback, type Socket } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  // Pages of this origin may connect, too, beside the application's own.
  websockets: { allowedOrigins: ['https://app.harbour.example'], messageLimitBytes: 16_384 },
})

const Call = z.object({ text: z.string().min(1).max(200) })
const Heard = z.object({ from: z.string(), text: z.string() })

// Who listens to each channel.
const channels = new Map<number, Set<Socket<typeof Call, typeof Heard>>>()

// Runs before the socket opens, and may refuse it.
const boat = dependency({ query: z.object({ boat: z.string().min(2) }) }, ({ query }) => {
  if (query.boat === 'Flying Dutchman') throw new HttpError(403, 'Not that boat')
  return query.boat
})

app.websocket(
  '/channels/{number}',
  { params: z.object({ number: z.int().min(1).max(88) }), dependencies: { boat }, receive: Call, send: Heard },
  async function listen({ socket, params, boat }) {
    const listeners = channels.get(params.number) ?? new Set()
    channels.set(params.number, listeners.add(socket))
    try {
      // Ends when the client leaves.
      for await (const { text } of socket) for (const other of listeners) void other.send({ from: boat, text })
    } finally {
      listeners.delete(socket)
      if (listeners.size === 0) channels.delete(params.number)
    }
  },
)

// What only sends declares no `receive`.
app.websocket('/countdown', { send: z.int() }, async function countDown({ socket }) {
  for (const left of [3, 2, 1]) await socket.send(left)
  socket.close(1000, 'Start')
})

const page = `<!doctype html>
<title>Channel 16</title>
<form><input name="text"><button>Send</button></form>
<script>
  const socket = new WebSocket('/channels/16?boat=Amelie')
  const form = document.forms[0]
  socket.onmessage = ({ data }) => form.after(JSON.parse(data).text, document.createElement('br'))
  form.onsubmit = event => {
    event.preventDefault()
    socket.send(JSON.stringify({ text: form.text.value }))
  }
</script>
`

app.get('/', { response: html(), documented: false }, async function showPage() {
  return page
})

if (import.meta.main) await serve(app)
