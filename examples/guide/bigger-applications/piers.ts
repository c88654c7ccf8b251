import { Router } from 'ringback'
import { z } from 'zod'
import { boats } from './boats.ts'

export const piers = new Router({ prefix: '/piers', tags: ['piers'] })

piers.get('', { response: z.array(z.string()) }, async function listPiers() {
  return ['north', 'south']
})

// A router in a router: /piers/north/boats
piers.include(boats, { prefix: '/north' })
