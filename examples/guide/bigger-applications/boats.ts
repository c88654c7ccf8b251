import { HttpError, Router } from 'ringback'
import { z } from 'zod'
import { user } from './user.ts'

const Boat = z.object({ name: z.string(), owner: z.string() }).meta({ id: 'Boat' })

export const boats = new Router({
  prefix: '/boats',
  tags: ['boats'],
  dependencies: { user },
  responses: { 404: { description: 'No such boat' } },
})

boats.get('', { response: z.array(Boat) }, async function listBoats({ user }) {
  return [{ name: 'Amelie', owner: user.name }]
})

boats.get('/{name}', { response: Boat }, async function readBoat({ params, user }) {
  if (params.name !== 'Amelie') throw new HttpError(404, `There is no boat "${params.name}"`)
  return { name: params.name, owner: user.name }
})
