import type { SourceEdit } from '../diagnostic.ts'

/** The text after the edits, which are all of this text. Of two that meet, the first counts; the rest stays as it is. */
export function applyEdits(text: string, edits: readonly SourceEdit[]): string {
  let edited = ''
  let from = 0
  for (const { range, text: inserted } of edits.toSorted((a, b) => a.range.start - b.range.start)) {
    if (range.start < from) continue
    edited += text.slice(from, range.start) + inserted
    from = range.end
  }
  return edited + text.slice(from)
}
