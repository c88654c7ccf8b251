// ws://localhost:8000/echo: every message that fits comes back.
import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

const Message = z.object({ text: z.string().min(1).max(200) })

export const app = new Ringback({ title: 'Echo', version: '1.0.0' })

app.websocket('/echo', { receive: Message, send: Message }, async function echo({ socket }) {
  for await (const message of socket) await socket.send(message)
})

if (import.meta.main) await serve(app)
