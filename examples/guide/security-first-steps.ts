import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { httpBearer } from 'ringback/security'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// A scheme reads the credential, and puts itself into the document.
const token = httpBearer({ description: 'The token that the harbour office gave you' })

// Whether it is good is yours to say.
const KNOWN = new Set(['a-token-of-ada'])

const goodToken = dependency({ dependencies: { token } }, ({ token }) => {
  if (!KNOWN.has(token))
    throw new HttpError(401, 'This token is not known', {
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    })
  return token
})

app.get('/berths', { dependencies: { goodToken }, response: z.array(z.int()) }, async function listBerths() {
  return [1, 2, 3]
})

// Anybody may ask this.
app.get('/weather', { response: z.string() }, async function readWeather() {
  return 'fair'
})

if (import.meta.main) await serve(app)
