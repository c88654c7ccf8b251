import { quoted } from '../../definition/quoted.ts'
import type { Pause } from './stored-destination.ts'

const longestText = 1_024

/** Refuses a pause without a reason or a name: nobody could tell later why it was made, or by whom. */
export function checkPause(given: Pick<Pause, 'reason' | 'by'>): Pick<Pause, 'reason' | 'by'> {
  const { reason, by } = given ?? {}
  for (const [name, text] of Object.entries({ reason, by })) {
    if (typeof text !== 'string' || text.trim() === '')
      throw new RangeError(`"${name}" of a pause is ${quoted(text)}; say it in a few words`)
    if (text.length > longestText)
      throw new RangeError(`"${name}" of a pause has ${text.length} characters; give at most ${longestText}`)
  }
  return { reason, by }
}
