import { readFileSync } from 'node:fs'

/** Used where the system does not tell its limit: less than the default for Node on any system. */
const usualDescriptors = 4_096

/**
 * How many sockets a transport may hold: half of the file descriptors that this process may have, because incoming
 * requests, files and look-ups need some too. `limits` is the text of `/proc/self/limits`.
 */
export function defaultSocketLimit(limits: string | undefined = readLimits()): number {
  const soft = limits?.match(/^Max open files +(\d+|unlimited)/m)?.[1]
  const descriptors = soft === undefined || soft === 'unlimited' ? usualDescriptors : Number(soft)
  return Math.max(Math.floor(descriptors / 2), 1)
}

/** Only Linux has this file. Node raises the limit as far as it may when it starts, and nothing changes it later. */
function readLimits(): string | undefined {
  try {
    return readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return undefined
  }
}
