import { dependency, HttpError } from 'ringback'
import { httpBearer } from 'ringback/security'

/** Who asks. */
export const user = dependency({ dependencies: { token: httpBearer() } }, ({ token }) => {
  if (token !== 'token-of-ada') throw new HttpError(401, 'Unknown token', { headers: { 'www-authenticate': 'Bearer' } })
  return { name: 'Ada' }
})
