/** One small change to one source file. */
export interface Mutation {
  /** Relative to the repository. */
  readonly file: string
  /** Counted from 1. */
  readonly line: number
  /** Where `old` stands in the file, in UTF-16 units. */
  readonly start: number
  /** Where the statement or expression begins that is changed: an operator by itself is not run. */
  readonly reachedAt: number
  readonly old: string
  readonly new: string
}

/** The file's text with the change made. */
export function mutated(text: string, { start, old, new: replacement }: Mutation): string {
  return text.slice(0, start) + replacement + text.slice(start + old.length)
}

/** The change in one line: `src/lib/a.ts:3  a < b → a <= b`. */
export function shownMutation(mutation: Mutation): string {
  const oneLine = (text: string) => {
    const joined = text.replaceAll(/\s+/g, ' ')
    return joined.length > 100 ? `${joined.slice(0, 99)}…` : joined
  }
  return `${mutation.file}:${mutation.line}  ${oneLine(mutation.old)} → ${oneLine(mutation.new) || '(deleted)'}`
}
