import { dependency, HttpError, Router } from 'ringback'
import { httpBearer } from 'ringback/security'
import { z } from 'zod'

const user = dependency({ dependencies: { token: httpBearer() } }, ({ token }) => {
  if (token !== 'token-of-ada') throw new HttpError(401, 'Unknown token', { headers: { 'www-authenticate': 'Bearer' } })
  return { name: 'Ada' }
})

const Boat = z.object({ name: z.string(), owner: z.string() }).meta({ id: 'Boat' })

export const boats = new Router({ prefix: '/boats', tags: ['boats'], dependencies: { user } })

boats.get('', { response: z.array(Boat) }, async function listBoats({ user }) {
  return [{ name: 'Amelie', owner: user.name }]
})

boats.get(
  '/{name}',
  { params: z.object({ name: z.string() }), response: Boat },
  async function readBoat({ params, user }) {
    if (params.name !== 'Amelie') throw new HttpError(404, `There is no boat "${params.name}"`)
    return { name: params.name, owner: user.name }
  },
)
