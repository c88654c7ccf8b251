import { median, medianAndRange, quantile } from '../report/statistics.ts'
import { printTable } from '../report/table.ts'
import type { PhaseCost } from './sender-program.ts'

/** One sender in one round. */
export interface Throughput {
  readonly sender: string
  readonly round: number
  readonly deliveries: number
  readonly store: PhaseCost
  readonly deliver: PhaseCost
  /** What the database's own processes used while deliveries went out. */
  readonly databaseCpuSeconds: number
  /** Connections that the receiver was asked for, over all phases: with https, handshakes. */
  readonly connections: number
}

/** Prints deliveries per second and CPU, and each sender's throughput over that of every other in the rounds of both. */
export function printThroughput(senders: readonly string[], measured: readonly Throughput[]): void {
  const of = (sender: string) => measured.filter(one => one.sender === sender).toSorted((a, b) => a.round - b.round)
  const perSecond = ({ deliveries, deliver }: Throughput) => deliveries / deliver.seconds
  const microseconds = (one: Throughput, seconds: number) => (seconds / one.deliveries) * 1e6
  console.log('\nDelivering what is stored')
  printTable(
    ['sender', 'deliveries/s', 'CPU each, µs', 'of the database, µs', 'stored/s before', 'connections', 'memory, MB'],
    senders.map(sender => [
      sender,
      medianAndRange(of(sender).map(perSecond), 0),
      median(of(sender).map(one => microseconds(one, one.deliver.cpuSeconds))).toFixed(0),
      median(of(sender).map(one => microseconds(one, one.databaseCpuSeconds))).toFixed(0),
      median(of(sender).map(({ deliveries, store }) => deliveries / store.seconds)).toFixed(0),
      median(of(sender).map(({ connections }) => connections)).toFixed(0),
      median(of(sender).map(({ deliver }) => deliver.mostBytes / 2 ** 20)).toFixed(0),
    ]),
  )
  console.log('\nDeliveries per second ÷ those of')
  printTable(
    ['sender', ...senders],
    senders.map(sender => [
      sender,
      ...senders.map(other => {
        const others = new Map(of(other).map(one => [one.round, perSecond(one)]))
        const both = of(sender).filter(({ round }) => others.has(round))
        return medianAndRange(both.map(one => perSecond(one) / others.get(one.round)!))
      }),
    ]),
  )
}

/** Prints how long a delivery takes from `send` to the receiver. */
export function printLatency(latenciesMs: readonly number[]): void {
  const [p50, p90, p99, most] = [0.5, 0.9, 0.99, 1].map(q => quantile(latenciesMs, q).toFixed(2))
  console.log(`\nFrom send to the receiver, idle, ${latenciesMs.length} deliveries one at a time`)
  printTable(['p50, ms', 'p90, ms', 'p99, ms', 'most, ms'], [[p50!, p90!, p99!, most!]])
}
