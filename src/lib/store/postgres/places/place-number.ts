import { createHash } from 'node:crypto'
import type { NewDelivery } from '../../../delivery/stored-delivery.ts'

/** What names a destination. */
export type Address = Pick<NewDelivery, 'origin' | 'destination' | 'recipient'>

/** The key of an origin: it follows from its name. Keys are text here, as they are larger than safe integers. */
export function originNumber(name: string): string {
  return numberOf('origin', name)
}

/** The key of a destination. */
export function destinationNumber({ origin, destination, recipient = '' }: Address): string {
  return numberOf('destination', origin, destination, recipient)
}

/** The key of the destination of an endpoint, whatever its URL is. */
export function endpointDestination(id: string): string {
  return numberOf('endpoint', id)
}

function numberOf(...names: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(names)).digest().readBigInt64BE().toString()
}
