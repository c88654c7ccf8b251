import { checkNames, type KnownNames } from '../../definition/check-names.ts'
import { DefinitionError } from '../../definition/definition-error.ts'
import { quoted } from '../../definition/quoted.ts'
import type { DedupeTimes } from './dedupe.ts'

const longestMs = 3_155_760_000_000

/** The times in milliseconds. Throws a `DefinitionError` for others than times, and for options that are not `known`. */
export function dedupeTimesMs(
  options: DedupeTimes,
  known: KnownNames,
  place: string,
): { readonly leaseMs: number; readonly keepMs: number } {
  checkNames(options, known, `the options of "${place}"`)
  const { leaseSeconds = 60, keepDays = 10 } = options
  return {
    leaseMs: timeMs({ leaseSeconds }, 1_000, place),
    keepMs: timeMs({ keepDays }, 86_400_000, place),
  }
}

function timeMs(option: Readonly<Record<string, number>>, unitMs: number, place: string): number {
  const [[name, value] = ['', 0]] = Object.entries(option)
  if (typeof value === 'number' && value > 0 && value * unitMs <= longestMs) return Math.ceil(value * unitMs)
  throw new DefinitionError(`"${name}" of "${place}" is ${quoted(value)}: give a number above 0`)
}
