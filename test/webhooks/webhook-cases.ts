import { deliveringCases } from './delivering.ts'
import { endpointCases } from './endpoints.ts'
import { healthCases } from './health.ts'
import { inFlightCases } from './in-flight.ts'
import { matchingCases } from './matching.ts'
import { sendingCases } from './sending.ts'
import { staleCases } from './stale.ts'

/** What every store must do for webhooks. */
export const webhookCases = [
  sendingCases,
  staleCases,
  matchingCases,
  endpointCases,
  deliveringCases,
  healthCases,
  inFlightCases,
]
