import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  tags: [
    { name: 'boats', description: 'Who lies where' },
    { name: 'office', description: 'Whom to ask' },
  ],
})

const Boat = z.object({ name: z.string() }).meta({ id: 'Boat' })

app.post(
  '/boats',
  {
    tags: ['boats'],
    summary: 'Register a boat',
    description: `
Give its name as it is painted on the stern.

- A name may stand **twice**.
- It gets the *next free* berth.
`,
    responseDescription: 'The registered boat',
    body: Boat,
    status: 201,
    response: Boat,
  },
  async function registerBoat({ body }) {
    return body
  },
)

// Without a summary, it is made of the handler's name: "List boats".
app.get('/boats', { tags: ['boats'], response: z.array(Boat) }, async function listBoats() {
  return [{ name: 'Amelie' }]
})

app.get('/hours', { tags: ['office'], deprecated: true, response: z.string() }, async function readHours() {
  return 'from 8 to 16'
})

if (import.meta.main) await serve(app)
