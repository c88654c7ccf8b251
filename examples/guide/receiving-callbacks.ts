import { bytes, callback, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { type PublicKeySet, SignatureError, verify } from 'ringback/signature'
import { z } from 'zod'

// The sender.
export const app = new Ringback({ title: 'Payments', version: '1.0.0' })

const paid = callback.post('{$callback_url}/paid', { body: z.object({ cents: z.int() }) })

app.post(
  '/payments',
  { query: z.object({ callback_url: z.url() }), body: z.object({ cents: z.int() }), status: 202, callbacks: { paid } },
  async function pay({ body, callbacks }) {
    await callbacks.paid.send({ cents: body.cents })
  },
)

// The receiver. It knows the sender's address, and the URL that it gave itself.
const OWN_URL = `${process.env['RECEIVER_URL'] ?? 'http://localhost:9000'}/events`

async function publicKeys(): Promise<PublicKeySet['keys']> {
  // In earnest: fetch('https://api.payments.example/.well-known/jwks.json'), kept for as long as Cache-Control says.
  const response = await app.fetch(new Request('http://localhost:8000/.well-known/jwks.json'))
  return ((await response.json()) as PublicKeySet).keys
}

export const receiver = new Ringback({ title: 'A shop', version: '1.0.0' })
const Paid = z.object({ cents: z.int() })
const handled = new Set<string>()

// The bytes as they came: what is parsed and written again is signed no more.
receiver.post(
  '/events/paid',
  { body: bytes('application/json'), status: 204 },
  async function hear({ body, request, log }) {
    const id = await verifiedId(request.headers, body)
    // A callback comes at least once.
    if (handled.has(id)) return
    const { cents } = Paid.parse(JSON.parse(new TextDecoder().decode(body)))
    log.info(`Paid: ${cents}`)
    // Not before the work is done: what fails comes again.
    handled.add(id)
  },
)

async function verifiedId(headers: Headers, body: Uint8Array): Promise<string> {
  try {
    return verify({ headers, body }, { publicKeys: await publicKeys(), audience: OWN_URL }).id
  } catch (error) {
    if (error instanceof SignatureError) throw new HttpError(401, `Not signed as it should be: ${error.reason}`)
    throw error
  }
}

if (import.meta.main) {
  await serve(receiver, { port: 9000 })
  await serve(app, { allowLoopback: true })
}
