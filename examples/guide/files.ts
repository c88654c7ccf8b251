import { fileResponse, form, Ringback, sendFile } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Upload = z.object({
  // At most 1 MB, and one of these types.
  list: z.file().max(1_000_000).mime(['text/csv', 'text/plain']),
})

app.post(
  '/lists',
  { body: form(Upload), status: 201, response: z.object({ name: z.string(), type: z.string(), lines: z.int() }) },
  async function addList({ body }) {
    const text = await body.list.text()
    return { name: body.list.name, type: body.list.type, lines: text.trimEnd().split('\n').length }
  },
)

// Several files under one name.
const Album = z.object({ photos: z.array(z.file()).min(1).max(5) })

app.post('/albums', { body: form(Album), response: z.array(z.int()) }, async function addAlbum({ body }) {
  return body.photos.map(({ size }) => size)
})

// The other direction.
const report = new TextEncoder().encode('name,length\nAmelie,9.5\n')

app.get('/report', { response: fileResponse('text/csv') }, async function readReport() {
  return sendFile(report, { filename: 'boats.csv' })
})

if (import.meta.main) await serve(app)
