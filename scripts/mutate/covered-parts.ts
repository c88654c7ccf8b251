import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** The parts of a file that ran: the beginning and the end of each, one after the other. */
export type Parts = readonly number[]

interface ScriptCoverage {
  readonly url: string
  readonly functions: readonly { readonly ranges: readonly Range[] }[]
}

interface Range {
  readonly startOffset: number
  readonly endOffset: number
  readonly count: number
}

/** What ran of each source of `directory`, by its path there, out of the files that V8 wrote into `folder`. */
export function coveredParts(directory: string, folder: string): Record<string, Parts> {
  const prefix = `${pathToFileURL(directory)}/`
  const ran = new Map<string, Uint8Array>()
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { result: ScriptCoverage[] }
    for (const script of result.filter(({ url }) => url.startsWith(`${prefix}src/lib/`))) {
      const file = script.url.slice(prefix.length).split('?')[0] as string
      const marks = marksOf(script)
      ran.set(file, merged(ran.get(file), marks))
    }
  }
  return Object.fromEntries([...ran].map(([file, marks]) => [file, partsOf(marks)]))
}

/** Whether the code at `offset` ran. */
export function covers(parts: Parts, offset: number): boolean {
  return parts.findLastIndex(bound => bound <= offset) % 2 === 0
}

/** How many characters ran. */
export function coveredLength(parts: Parts): number {
  return parts.reduce((sum, bound, index) => sum + (index % 2 === 0 ? -bound : bound), 0)
}

/** One mark for each character: an inner range says more than the one around it. */
function marksOf({ functions }: ScriptCoverage): Uint8Array {
  const ranges = functions
    .flatMap(({ ranges }) => ranges)
    .toSorted((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset)
  const marks = new Uint8Array(Math.max(0, ...ranges.map(({ endOffset }) => endOffset)))
  for (const { startOffset, endOffset, count } of ranges) marks.fill(count > 0 ? 1 : 0, startOffset, endOffset)
  return marks
}

function merged(one: Uint8Array | undefined, other: Uint8Array): Uint8Array {
  if (one === undefined) return other
  const [long, short] = one.length >= other.length ? [one, other] : [other, one]
  return long.map((mark, index) => mark | (short[index] ?? 0))
}

function partsOf(marks: Uint8Array): number[] {
  const parts: number[] = []
  let last = 0
  for (const [index, mark] of marks.entries()) {
    if (mark !== last) parts.push(index)
    last = mark
  }
  return last === 1 ? [...parts, marks.length] : parts
}
