import type { AttemptResult } from '../stored-delivery.ts'
import type { OriginLane } from './origin-lane.ts'

/** The lane of an origin after an attempt. An attempt that shows nothing about the receiver does not change it. */
export function laneAfter(lane: OriginLane, { response, outcome, destinationSignal }: AttemptResult): OriginLane {
  if (response !== undefined) return 'known'
  const isOurs = outcome === 'abandoned' || (outcome === 'unreachable' && destinationSignal === undefined)
  return isOurs ? lane : 'silent'
}
