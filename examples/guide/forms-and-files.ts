import { form, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Photo = z.object({
  title: z.string().min(1),
  stars: z.int().min(0).max(5).optional(),
  public: z.boolean().default(false),
  tags: z.array(z.string()).default([]),
  image: z.file().max(5_000_000),
  // A file that may be left out.
  note: z.file().optional(),
})

app.post(
  '/photos',
  {
    body: form(Photo),
    status: 201,
    response: Photo.omit({ image: true, note: true }).extend({ bytes: z.int(), note: z.string() }),
  },
  async function addPhoto({ body }) {
    const { image, note, ...fields } = body
    return { ...fields, bytes: image.size, note: (await note?.text()) ?? '' }
  },
)

if (import.meta.main) await serve(app)
