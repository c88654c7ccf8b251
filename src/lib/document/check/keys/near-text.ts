/** Names shorter than that are near to too many others. */
const leastLength = 4
const mostEdits = 2
/** No parameter has a longer one, and the time grows with the square. */
const mostLength = 100

/** The one of the names that was probably meant: equal but for case, else the only one with two wrong letters at most. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const lower = name.toLowerCase()
  const sameLetters = names.filter(other => other.toLowerCase() === lower)
  if (sameLetters.length > 0) return sameLetters.length === 1 ? sameLetters[0] : undefined
  if (name.length < leastLength || name.length > mostLength) return undefined
  const near = names.filter(
    other => Math.abs(other.length - name.length) <= mostEdits && edits(lower, other) <= mostEdits,
  )
  return near.length === 1 ? near[0] : undefined
}

/** How many letters must be changed, put in, left out or swapped with their neighbour. */
function edits(lower: string, other: string): number {
  const to = other.toLowerCase()
  let [before, row]: [number[], number[]] = [[], Array.from({ length: to.length + 1 }, (_, index) => index)]
  for (let at = 1; at <= lower.length; at += 1) {
    const next = [at]
    for (let place = 1; place <= to.length; place += 1) {
      const differs = lower[at - 1] === to[place - 1] ? 0 : 1
      let least = Math.min(row[place]! + 1, next[place - 1]! + 1, row[place - 1]! + differs)
      const isSwapped = at > 1 && place > 1 && lower[at - 1] === to[place - 2] && lower[at - 2] === to[place - 1]
      if (isSwapped) least = Math.min(least, before[place - 2]! + 1)
      next.push(least)
    }
    before = row
    row = next
  }
  return row.at(-1)!
}
