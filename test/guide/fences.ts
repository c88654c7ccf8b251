/** A fenced block of a page. */
export interface Fence {
  /** The line of its first line of text, counted from 1. */
  readonly line: number
  readonly language: string
  /** What stands behind the language. */
  readonly info: string
  readonly text: string
}

const opening = /^```(\w+)(?: (.*))?$/

/** The fenced blocks of a page, in its order. */
export function fencesOf(page: string): Fence[] {
  const fences: Fence[] = []
  let open: (Omit<Fence, 'text'> & { lines: string[] }) | undefined
  for (const [index, line] of page.split('\n').entries()) {
    const begun = opening.exec(line)
    if (open === undefined && begun !== null)
      open = { line: index + 2, language: begun[1] ?? '', info: begun[2] ?? '', lines: [] }
    else if (open !== undefined && line === '```') {
      const { lines, ...rest } = open
      fences.push({ ...rest, text: lines.join('\n') })
      open = undefined
    } else open?.lines.push(line)
  }
  return fences
}
