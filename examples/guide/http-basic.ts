import { createHash, timingSafeEqual } from 'node:crypto'
import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { httpBasic } from 'ringback/security'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()
const equal = (a: string, b: string): boolean => timingSafeEqual(hashOf(a), hashOf(b))

const realm = 'Harbour office'
const login = httpBasic({ realm })

const clerk = dependency({ dependencies: { login } }, ({ login }) => {
  // Both are compared in any case, so that the time does not tell which one was wrong.
  const nameIsRight = equal(login.username, 'bea')
  const passwordIsRight = equal(login.password, process.env['CLERK_PASSWORD'] ?? 'fair winds')
  if (!(nameIsRight && passwordIsRight))
    throw new HttpError(401, 'Wrong name or password', { headers: { 'www-authenticate': `Basic realm="${realm}"` } })
  return login.username
})

app.get('/office', { dependencies: { clerk }, response: z.string() }, async function readOffice({ clerk }) {
  return `Good morning, ${clerk}`
})

if (import.meta.main) await serve(app)
