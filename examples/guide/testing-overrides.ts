import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { httpBearer } from 'ringback/security'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

/** Who asks. */
export const user = dependency({ dependencies: { token: httpBearer() } }, ({ token }) => {
  if (token !== 'a-good-token') throw new HttpError(401, 'Unknown token')
  return { name: 'Ada' }
})

/** What the weather service says. */
export const weather = dependency({}, async () => ({ wind: 5 }))

app.get(
  '/advice',
  { dependencies: { user, weather }, response: z.string() },
  async function readAdvice({ user, weather }) {
    return weather.wind > 10 ? `Stay ashore, ${user.name}` : `Set sail, ${user.name}`
  },
)

if (import.meta.main) await serve(app)
