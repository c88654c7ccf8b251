import { dependency, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

/** What happened, in order. */
export const happened: string[] = []

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  async *lifespan() {
    happened.push('start')
    yield
    happened.push('end')
  },
})

const lamp = dependency({ scope: 'app' }, function* () {
  happened.push('lamp on')
  yield { watts: 500 }
  happened.push('lamp off')
})

app.get('/lamp', { dependencies: { lamp }, response: z.object({ watts: z.int() }) }, async function readLamp({ lamp }) {
  return lamp
})

if (import.meta.main) await serve(app)
