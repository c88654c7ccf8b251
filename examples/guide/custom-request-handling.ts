import { gunzipSync } from 'node:zlib'
import { createMiddleware } from 'hono/factory'
import { HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const LIMIT_BYTES = 1_000_000

/** Unpacks bodies that come compressed, before anything reads them. */
const gunzip = createMiddleware(async (context, next) => {
  if (context.req.header('content-encoding') === 'gzip') {
    const headers = new Headers(context.req.raw.headers)
    headers.delete('content-encoding')
    headers.delete('content-length')
    const body = unpacked(await context.req.raw.bytes())
    context.req.raw = new Request(context.req.url, { method: context.req.method, headers, body })
  }
  await next()
})

function unpacked(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(gunzipSync(bytes, { maxOutputLength: LIMIT_BYTES }))
  } catch (error) {
    throw new HttpError(400, 'The body is not gzip, or too large', { cause: error })
  }
}

app.use('/readings', gunzip)

app.post('/readings', { body: z.array(z.number()), response: z.number() }, async function addReadings({ body }) {
  return body.reduce((sum, reading) => sum + reading, 0)
})

if (import.meta.main) await serve(app)
