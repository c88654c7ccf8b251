// One image of at most 2 MB; any other media type is refused.
import { form, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

const Upload = z.object({ image: z.file().max(2_000_000).mime(['image/png', 'image/jpeg', 'image/webp']) })

export const app = new Ringback({ title: 'Images', version: '1.0.0' })

app.post(
  '/images',
  { body: form(Upload), bodyLimitBytes: 2_100_000, status: 201, response: z.object({ size: z.int() }) },
  async function addImage({ body }) {
    return { size: body.image.size }
  },
)

if (import.meta.main) await serve(app)
