/** A host name without the dots of the root at its end. */
export function withoutFinalDots(hostname: string): string {
  // A loop, since the time of the pattern "dots at the end" is quadratic for a text that is full of them.
  let end = hostname.length
  while (hostname[end - 1] === '.') end -= 1
  return hostname.slice(0, end)
}
