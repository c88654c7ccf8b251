import { form, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Images', version: '1.0.0' })

const Upload = z.object({ image: z.file().max(2_000_000).mime(['image/png', 'image/jpeg']) })

app.post(
  '/images',
  {
    body: form(Upload),
    // What is much larger is not read to its end: a form with a file may have 32 MiB otherwise.
    bodyLimitBytes: 2_100_000,
    status: 201,
    response: z.object({ name: z.string(), type: z.string(), bytes: z.int() }),
  },
  async function addImage({ body }) {
    return { name: body.image.name, type: body.image.type, bytes: body.image.size }
  },
)

if (import.meta.main) await serve(app)
