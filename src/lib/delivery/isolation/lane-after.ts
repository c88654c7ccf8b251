import type { AttemptResult } from '../stored-delivery.ts'
import type { OriginLane } from './origin-lane.ts'

/** The lane of an origin after an attempt. What says nothing of the receiver leaves it where it is. */
export function laneAfter(lane: OriginLane, { response, outcome, destinationSignal }: AttemptResult): OriginLane {
  if (response !== undefined) return 'known'
  const isOurs = outcome === 'abandoned' || (outcome === 'unreachable' && destinationSignal === undefined)
  return isOurs ? lane : 'silent'
}
