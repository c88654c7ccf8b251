/**
 * Refuses text that a database would store in another form, so that two different keys could become the same: an
 * unpaired surrogate becomes U+FFFD in UTF-8, and some databases end a text at a NUL.
 */
export function checkStoredText(name: string, text: string | undefined): void {
  if (text === undefined) return
  if (!text.isWellFormed())
    throw new RangeError(
      `"${name}" has half of a surrogate pair at ${unpairedAt(text)}: give text that UTF-8 can encode`,
    )
  if (text.includes('\0')) throw new RangeError(`"${name}" has a NUL at ${text.indexOf('\0')}: give text without it`)
}

function unpairedAt(text: string): number {
  const well = text.toWellFormed()
  for (let at = 0; at < text.length; at++) if (text[at] !== well[at]) return at
  return text.length
}
