// The application under test in a process of its own, which measures itself between "begin" and "end".
import { readFileSync, writeFileSync } from 'node:fs'
import { serve } from '../../src/node.ts'
import { fuzzedApplication } from './applications.ts'

const MIB = 1024 * 1024
const server = await serve(fuzzedApplication(), { port: 0, host: '127.0.0.1' })

let measuring = false
let longestMs = 0
let startBytes = 0
let last = 0

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** Processor time, not wall time: a machine that is busy with something else makes no turn longer. */
function turn(): void {
  const now = cpuMs()
  longestMs = Math.max(longestMs, now - last)
  last = now
  if (measuring) setImmediate(turn)
}

/** The most memory that the process had since the peak was reset, where the system tells (Linux). */
function peakBytes(): number {
  const peak = process.platform === 'linux' ? /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] : ''
  return peak ? Number(peak) * 1024 : process.memoryUsage.rss()
}

process.on('message', message => {
  if (message !== 'end') {
    if (message === 'begin clean') globalThis.gc?.()
    if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5')
    startBytes = process.memoryUsage.rss()
    measuring = true
    longestMs = 0
    last = cpuMs()
    setImmediate(turn)
    process.send?.('begun')
  } else {
    measuring = false
    turn()
    process.send?.({ cpuMs: longestMs, grownMiB: (peakBytes() - startBytes) / MIB })
  }
})
process.on('disconnect', () => process.exit())
process.send?.({ port: server.port })
