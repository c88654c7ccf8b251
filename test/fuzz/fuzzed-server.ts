// The application under test in a process of its own, which measures itself from the beginning of each request.
import { subscribe } from 'node:diagnostics_channel'
import { readFileSync, writeFileSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { serve } from '../../src/node.ts'
import { fuzzedApplication } from './applications.ts'
import { SIGN_OF_LIFE } from './sign-of-life.ts'

const MIB = 1024 * 1024
const SIGN_EVERY_MS = 500
const server = await serve(fuzzedApplication(), { port: 0, host: '127.0.0.1' })

let measuring = false
let longestMs = 0
let startBytes = 0
let last = 0
let signedMs = 0

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** Processor time, not wall time: a busy machine does not make a turn longer. */
function turn(): void {
  const now = cpuMs()
  longestMs = Math.max(longestMs, now - last)
  last = now
  if (now - signedMs > SIGN_EVERY_MS) {
    signedMs = now
    process.send?.(SIGN_OF_LIFE)
  }
  if (measuring) setImmediate(turn)
}

/** The most memory that the process has had since the peak was reset (Linux only). */
function peakBytes(): number {
  const peak = process.platform === 'linux' ? /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] : ''
  return peak ? Number(peak) * 1024 : process.memoryUsage.rss()
}

function begin(): void {
  if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5')
  startBytes = process.memoryUsage.rss()
  longestMs = 0
  last = cpuMs()
  if (!measuring) setImmediate(turn)
  measuring = true
}

subscribe('http.server.request.start', begin)
process.on('message', () => {
  turn()
  measuring = false
  process.send?.({ cpuMs: longestMs, grownMiB: (peakBytes() - startBytes) / MIB })
  // A request that Node itself refuses never begins.
  longestMs = 0
  startBytes = Number.POSITIVE_INFINITY
})
process.on('disconnect', () => process.exit())
// It will be killed, and could not write it then.
flushCompileCache()
process.send?.({ port: server.port })
