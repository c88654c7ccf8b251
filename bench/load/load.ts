import { cpuSeconds } from '../process/cpu-seconds.ts'
import { announce, serveCommands } from '../process/parent.ts'
import { HttpConnection } from './http-connection.ts'
import { requestBytes } from './request-bytes.ts'
import type { Slice, SliceResult } from './slice.ts'

/** The load, in a process of its own: runs the slices that its parent asks for. */
serveCommands(runSlice)
announce('ready')

async function runSlice({ port, pid, request, connections: count, durationMs }: Slice): Promise<SliceResult> {
  const bytes = requestBytes(request, port)
  const connections = await Promise.all(Array.from({ length: count }, () => HttpConnection.open(port)))
  // Each connects once before the clock runs: accepting a connection is not part of a request.
  await Promise.all(connections.map(connection => connection.send(bytes)))
  const statuses: Record<string, number> = {}
  const cpuBefore = cpuSeconds(pid)
  const started = performance.now()
  const end = started + durationMs
  await Promise.all(
    connections.map(async connection => {
      while (performance.now() < end) {
        const status = await connection.send(bytes)
        statuses[status] = (statuses[status] ?? 0) + 1
      }
    }),
  )
  const seconds = (performance.now() - started) / 1000
  const used = cpuSeconds(pid) - cpuBefore
  for (const connection of connections) connection.close()
  const requests = Object.values(statuses).reduce((sum, times) => sum + times, 0)
  return { requests, seconds, cpuSeconds: used, statuses }
}
