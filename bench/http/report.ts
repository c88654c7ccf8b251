import type { SliceResult } from '../load/slice.ts'
import { median, medianAndRange } from '../report/statistics.ts'
import { printTable } from '../report/table.ts'

/** One slice, and where it belongs. */
export interface Measurement extends SliceResult {
  readonly server: string
  readonly case: string
  readonly round: number
}

interface Names {
  readonly servers: readonly string[]
  readonly cases: readonly string[]
}

const microseconds = ({ cpuSeconds, requests }: Measurement): number => (cpuSeconds / requests) * 1e6

/** Prints, for each case: CPU per request over that of the first server in the same round, and requests per second. */
export function printReport(machine: string, measured: readonly Measurement[], { servers, cases }: Names): void {
  console.log(machine)
  const [limit = '', ...others] = servers
  for (const name of cases) {
    const of = (server: string) =>
      measured.filter(one => one.case === name && one.server === server).toSorted((a, b) => a.round - b.round)
    const limits = of(limit).map(microseconds)
    console.log(`\n${name}`)
    printTable(
      ['server', `CPU ÷ ${limit}`, 'CPU, µs', 'requests/s'],
      servers.map(server => {
        const costs = of(server).map(microseconds)
        return [
          server,
          medianAndRange(costs.map((cost, round) => cost / limits[round]!)),
          median(costs).toFixed(1),
          medianAndRange(
            of(server).map(({ requests, seconds }) => requests / seconds),
            0,
          ),
        ]
      }),
    )
    printWins(others, server => of(server).map(microseconds))
  }
}

/** Rounds in which Ringback used less CPU than a peer. */
function printWins(servers: readonly string[], costsOf: (server: string) => readonly number[]): void {
  for (const own of servers.filter(server => server.startsWith('ringback'))) {
    const costs = costsOf(own)
    const wins = servers
      .filter(server => !server.startsWith('ringback'))
      .map(peer => `${peer} ${costsOf(peer).filter((cost, round) => costs[round]! < cost).length}`)
    if (wins.length > 0) console.log(`rounds of ${costs.length} won by ${own} against: ${wins.join('; ')}`)
  }
}
