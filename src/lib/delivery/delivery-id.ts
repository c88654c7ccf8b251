import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'

const digits = '0123456789abcdefghijklmnopqrstuvwxyz'
const timeDigits = 9
const randomDigits = 16

/**
 * Makes ids of deliveries: `msg_` and 25 characters that sort by time. The first 9 are the milliseconds in base 36, the
 * others are random (82 bits). Ids of one maker sort in the order in which they were made.
 */
export function createIdMaker(clock: Clock): () => string {
  let last = ''
  let lastMs = Number.NaN
  let time = ''
  return () => {
    const now = clock.now()
    if (now !== lastMs) time = now.toString(36).padStart(timeDigits, '0')
    lastMs = now
    const made = time + randomText()
    last = made > last ? made : successor(last)
    return `msg_${last}`
  }
}

let pool = ''
let used = 0

/**
 * Takes from a supply of random text: asking the system for so few bytes would cost more than all the rest of an id.
 */
function randomText(): string {
  if (used === pool.length) {
    const bytes = randomBytes(256 * randomDigits)
    for (let index = 0; index < bytes.length; index++) bytes[index] = digits.charCodeAt(bytes[index]! % digits.length)
    pool = bytes.toString('latin1')
    used = 0
  }
  used += randomDigits
  return pool.slice(used - randomDigits, used)
}

/** The next text in order: counts up in base 36, from the right. */
function successor(text: string): string {
  const last = digits.indexOf(text.slice(-1))
  return last < digits.length - 1 ? text.slice(0, -1) + digits[last + 1] : successor(text.slice(0, -1)) + digits[0]
}
