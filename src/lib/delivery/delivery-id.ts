import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'

const digits = '0123456789abcdefghijklmnopqrstuvwxyz'
const timeDigits = 9
const randomDigits = 16

/**
 * Makes ids of deliveries: `msg_` and 25 characters that sort by time, the first 9 of them the milliseconds in base 36,
 * the others random (82 bits). Ids of one maker sort in the order they were made.
 */
export function createIdMaker(clock: Clock): () => string {
  let last = ''
  return () => {
    const time = clock.now().toString(36).padStart(timeDigits, '0')
    const made = time + randomText()
    last = made > last ? made : successor(last)
    return `msg_${last}`
  }
}

let pool = Buffer.alloc(0)
let used = 0

function randomText(): string {
  if (used + randomDigits > pool.length) {
    pool = randomBytes(256 * randomDigits)
    used = 0
  }
  let text = ''
  for (const byte of pool.subarray(used, used + randomDigits)) text += digits[byte % digits.length]
  used += randomDigits
  return text
}

/** The next text in order: counts in base 36, from the right. */
function successor(text: string): string {
  const last = digits.indexOf(text.slice(-1))
  return last < digits.length - 1 ? text.slice(0, -1) + digits[last + 1] : successor(text.slice(0, -1)) + digits[0]
}
