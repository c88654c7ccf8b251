import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// Base64 text in JSON is bytes in the program.
const Bytes = z.codec(z.base64().max(100_000), z.instanceof(Uint8Array<ArrayBuffer>), {
  decode: text => new Uint8Array(Buffer.from(text, 'base64')),
  encode: bytes => Buffer.from(bytes).toString('base64'),
})

const Signal = z.object({ name: z.string(), flag: Bytes }).meta({ id: 'Signal' })

app.post('/signals', { body: Signal, response: Signal }, async function reverseSignal({ body }) {
  return { name: body.name, flag: body.flag.toReversed() }
})

// Where the bytes are everything, no base64 is needed.
app.get('/signals/flag.bin', { documented: false }, async function readFlag() {
  return new Response(new Uint8Array([1, 2, 3]), { headers: { 'content-type': 'application/octet-stream' } })
})

if (import.meta.main) await serve(app)
