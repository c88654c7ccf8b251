import { readFileSync } from 'node:fs'

/** Where the system does not say it: less than what Node gets by default on any of them. */
const usualDescriptors = 4_096

/**
 * How many sockets a transport may hold: half of the file descriptors that this process may have, since requests that
 * come in, files and look-ups need some as well. `limits` is the text of `/proc/self/limits`.
 */
export function defaultSocketLimit(limits: string | undefined = readLimits()): number {
  const soft = limits?.match(/^Max open files +(\d+|unlimited)/m)?.[1]
  const descriptors = soft === undefined || soft === 'unlimited' ? usualDescriptors : Number(soft)
  return Math.max(Math.floor(descriptors / 2), 1)
}

/** Only Linux has it. Node raises the limit as far as it may when it starts, and nothing changes it later. */
function readLimits(): string | undefined {
  try {
    return readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return undefined
  }
}
