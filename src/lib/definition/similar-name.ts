/** Longer than any of our names: a longer one is not a slip of the pen. */
const MOST_CHARACTERS = 40

/** A name that is the beginning of another is meant to be that one from so many characters on: `timeout`, `timeoutMs`. */
const LEAST_BEGINNING = 3

/** The name of a list that was probably meant by another one: one that begins so, else the nearest where any is near. */
export function similarName(name: string, known: readonly string[]): string | undefined {
  if (name === '' || name.length > MOST_CHARACTERS) return undefined
  const wanted = name.toLowerCase()
  const isLong = wanted.length >= LEAST_BEGINNING
  return (
    known.find(candidate => candidate.toLowerCase() === wanted) ??
    known.find(candidate => isLong && candidate.toLowerCase().startsWith(wanted)) ??
    nearestName(wanted, known) ??
    known.find(candidate => candidate.length >= LEAST_BEGINNING && wanted.startsWith(candidate.toLowerCase()))
  )
}

function nearestName(wanted: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined
  let least = Math.floor(wanted.length * 0.4) + 1
  for (const candidate of known) {
    const steps = stepsBetween(wanted, candidate.toLowerCase())
    if (steps >= least) continue
    nearest = candidate
    least = steps
  }
  return nearest
}

/** How many letters have to be put in, taken away, changed, or swapped with their neighbour. */
function stepsBetween(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const change = a[row - 1] === b[column - 1] ? 0 : 1
      let steps = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + change)
      if (row > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        steps = Math.min(steps, before[column - 2]! + 1)
      current.push(steps)
    }
    before = last
    last = current
  }
  return last[b.length]!
}
