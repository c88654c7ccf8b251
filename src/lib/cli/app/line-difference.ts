import { diff } from 'node:util'

const CONTEXT = 3

/** The lines that differ, each with `-` or `+` before it, with a few around them; gaps between them are `...`. */
export function lineDifference(before: string, after: string): string[] {
  const lines = diff(before.split('\n'), after.split('\n')).map(([sign, line]) => ({
    text: `${sign === 0 ? ' ' : sign > 0 ? '-' : '+'} ${line}`,
    changed: sign !== 0,
  }))
  const near = lines.map((_, index) => lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(isChanged))
  return lines.flatMap(({ text }, index) => {
    if (near[index]) return [text]
    return near[index - 1] || index === 0 ? ['...'] : []
  })
}

const isChanged = ({ changed }: { readonly changed: boolean }): boolean => changed
