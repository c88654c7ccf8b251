import { median } from '../report/statistics.ts'
import { printTable } from '../report/table.ts'
import type { Cost } from './benches.ts'

/** The costs of the rounds on each of the two packages. */
export interface Comparison {
  readonly base: Cost[]
  readonly head: Cost[]
}

/** Prints, for each case, what it costs on both, and whether that is a difference. */
export function printComparison({ base, head }: Comparison): void {
  const names = [...new Set(base.map(({ name }) => name))].toSorted()
  printTable(
    ['CPU, µs: median (middle of the rounds)', 'base', 'this checkout', 'ratio', 'verdict'],
    names.map(name => {
      const [before, after] = [base, head].map(costs =>
        costs.filter(cost => cost.name === name).map(({ microseconds }) => microseconds),
      ) as [number[], number[]]
      const ratio = median(after) / median(before)
      return [name, medianAndMiddle(before), medianAndMiddle(after), ratio.toFixed(3), verdict(before, after)]
    }),
  )
}

/** With fewer rounds the ranges may be disjoint by chance. */
const fewestRounds = 8

/** It is a difference only where the middle ranges of both do not overlap: anything smaller may be chance. */
function verdict(before: readonly number[], after: readonly number[]): string {
  if (before.length < fewestRounds) return 'too few rounds'
  const [was, is] = [middle(before), middle(after)]
  if (is.least > was.most) return 'worse'
  if (is.most < was.least) return 'better'
  return 'the same'
}

function medianAndMiddle(values: readonly number[]): string {
  const { least, most } = middle(values)
  return `${median(values).toFixed(1)} (${least.toFixed(1)}–${most.toFixed(1)})`
}

/** The range without the lowest and the highest tenth of the values. */
function middle(values: readonly number[]): { readonly least: number; readonly most: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const left = Math.floor(sorted.length / 10)
  return { least: sorted[left] ?? Number.NaN, most: sorted.at(-1 - left) ?? Number.NaN }
}
