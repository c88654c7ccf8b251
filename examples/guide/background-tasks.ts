import { setTimeout } from 'node:timers/promises'
import { dependency, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Notice = z.object({ boat: z.string(), text: z.string().max(200) })

// A dependency may have work done as well.
const counted = dependency({}, ({ background, log }) => {
  background(() => log.info('Counted'))
})

app.post(
  '/notices',
  { dependencies: { counted }, body: Notice, status: 202, response: z.object({ text: z.string() }) },
  async function addNotice({ body, background, log }) {
    background(async () => {
      await setTimeout(10)
      log.info(`Told ${body.boat}: ${body.text}`)
    })
    return { text: 'The boat is told soon' }
  },
)

app.post('/storms', { status: 202 }, async function announceStorm({ background }) {
  background(() => {
    throw new Error('The siren is broken')
  })
})

if (import.meta.main) await serve(app)
