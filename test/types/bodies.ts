// The bodies of requests: forms, streams, and a choice of them.
import { bytes, file, form, json, oneOf, Ringback, stream, text } from 'ringback'
import { typebox } from 'ringback/typebox'
import Type from 'typebox'
import { z } from 'zod'

const app = new Ringback({ title: 'Wrong', version: '1.0.0' })
const Photo = z.object({ title: z.string(), image: z.file(), stars: z.int().optional() })
const response = z.string()

app.post('/photo', { body: form(Photo), response }, ({ body }) => body.title + body.image.name)
// error: Property 'picture' does not exist on type '{ title: string; image: File; stars?: number | undefined; }'.
app.post('/photo', { body: form(Photo), response }, ({ body }) => body.picture)
// error: Type 'File' is missing the following properties from type 'Response'
app.post('/photo', { body: form(Photo), response }, ({ body }) => body.image)
// error: 'maxParts' does not exist in type 'FormLimits'.
form(Photo, { maxParts: 1 })

const TypeBoxPhoto = typebox(Type.Object({ image: file(), more: Type.Optional(Type.Array(file({ maxBytes: 10 }))) }))
app.post('/typebox', { body: form(TypeBoxPhoto), response }, ({ body }) => body.image.name + body.more?.[0]?.name)
// error: Property 'path' does not exist on type 'File'.
app.post('/typebox', { body: form(TypeBoxPhoto), response }, ({ body }) => body.image.path)

app.post('/stream', { body: stream() }, async ({ body }) => {
  for await (const chunk of body) chunk.byteLength
  // error: Property 'length' does not exist on type 'ReadableStream<Uint8Array<ArrayBufferLike>>'.
  body.length
})

const Note = z.object({ kind: z.literal('note'), text: z.string() })
const Image = z.object({ kind: z.literal('image'), image: z.file() })
const body = oneOf(Note, form(Image), text(), bytes('image/png'), json(z.number(), { contentType: 'application/x+json' }))
app.post('/one', { body, response }, ({ body }) => {
  if (typeof body === 'string') return body
  if (typeof body === 'number') return body.toFixed()
  if (body instanceof Uint8Array) return String(body.length)
  // error: Property 'text' does not exist on type '{ kind: "image"; image: File; }'.
  if (body.kind === 'image') return body.text
  return body.text
})
// error: Expected at least 1 arguments, but got 0.
oneOf()

app.patch('/sent', { body: form(Photo), response }, ({ sent }) => sent.image?.name ?? '')
// error: 'sent.image' is possibly 'undefined'.
app.patch('/sent', { body: form(Photo), response }, ({ sent }) => sent.image.name)
