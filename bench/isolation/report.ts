import { median, medianAndRange, quantile } from '../report/statistics.ts'
import { printTable } from '../report/table.ts'
import type { ClaimCommand, ClaimCost, ClaimCosts } from './claims.ts'
import type { SenderState } from './sender.ts'

/** The healthy load once. */
export interface LoadRun extends SenderState {
  /** `alone`, or how the dead destination was dead. */
  readonly name: string
  readonly round: number
  readonly seconds: number
  /** From the time at which a delivery should be sent to the last byte at the receiver, in milliseconds. */
  readonly arrivalsMs: readonly number[]
}

const megabyte = 1e6

/** Prints what a claim costs with few and with many deliveries waiting, beside a bare commit. */
export function printClaims(
  fewRows: number,
  manyRows: number,
  claims: Readonly<Record<ClaimCommand['breaker'], ClaimCosts>>,
): void {
  console.log('\nOne claim where deliveries wait for a dead destination, medians')
  const cells = (costs: ClaimCosts, unit: keyof ClaimCost, digits: number) => {
    const middle = (of: keyof ClaimCosts) => median(costs[of].map(cost => cost[unit]))
    const times = [middle('few'), middle('many'), middle('bareCommit')].map(ms => ms.toFixed(digits))
    return [...times, (middle('many') / middle('few')).toFixed(2)]
  }
  printTable(
    ['breaker', `${fewRows} wait, ms`, `${manyRows} wait, ms`, 'bare commit, ms', 'many ÷ few'],
    (['closed', 'open'] as const).flatMap(breaker => [
      [breaker, ...cells(claims[breaker], 'wallMs', 2)],
      [`${breaker}, CPU`, ...cells(claims[breaker], 'cpuMs', 3)],
    ]),
  )
}

/** Prints how the healthy destinations fared alone and beside others, and how much memory the sender took. */
export function printLoads(names: readonly string[], measured: readonly LoadRun[]): void {
  const of = (name: string) => measured.filter(one => one.name === name).toSorted((a, b) => a.round - b.round)
  const p99 = ({ arrivalsMs }: LoadRun) => quantile(arrivalsMs, 0.99)
  const alone = of('alone').map(p99)
  console.log(`\nFrom send to the receiver, healthy destinations, ${measured[0]?.arrivalsMs.length} deliveries a round`)
  printTable(
    ['dead destination', 'p50, ms', 'p99, ms', 'most, ms', 'p99 ÷ alone'],
    names.map(name => [
      name,
      median(of(name).map(({ arrivalsMs }) => quantile(arrivalsMs, 0.5))).toFixed(2),
      medianAndRange(of(name).map(p99)),
      median(of(name).map(({ arrivalsMs }) => Math.max(...arrivalsMs))).toFixed(2),
      medianAndRange(of(name).map((one, round) => p99(one) / alone[round]!)),
    ]),
  )
  console.log('\nThe sender, meanwhile')
  const perSecond = (name: string, kind: keyof SenderState['attempts']) =>
    median(of(name).map(({ attempts, seconds }) => attempts[kind] / seconds)).toFixed(1)
  printTable(
    ['dead destination', 'healthy/s', 'dead/s', 'dripping/s', 'CPU, %', 'idle, MB', 'most, MB', 'growth, MB'],
    names.map(name => [
      name,
      ...(['healthy', 'dead', 'dripping'] as const).map(kind => perSecond(name, kind)),
      median(of(name).map(({ cpuSeconds, seconds }) => (cpuSeconds / seconds) * 100)).toFixed(0),
      median(of(name).map(({ idleBytes }) => idleBytes / megabyte)).toFixed(0),
      median(of(name).map(({ mostBytes }) => mostBytes / megabyte)).toFixed(0),
      medianAndRange(
        of(name).map(({ idleBytes, mostBytes }) => (mostBytes - idleBytes) / megabyte),
        0,
      ),
    ]),
  )
}
