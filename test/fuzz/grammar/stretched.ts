import type { Choices } from '../choices.ts'
import { bytesOf, mapped, type Text } from '../text.ts'

/** Characters that separate something somewhere, and a few letters, digits and escapes. */
const EVERYTHING = [...'./:@-_?#&=;,[]{}()$\\"\'a0 %+~\n\u0001', '%41', 'é', '😀']

/**
 * A piece that repeats between two others, of any length up to `most` bytes, but rather long. `written` gives the form
 * of its characters at its place.
 */
export function stretched(
  choose: Choices,
  most: number,
  alphabet: readonly string[] = EVERYTHING,
  written: (text: string) => string = text => text,
): Text {
  const piece = choose.oneIn(4) ? choose.of(alphabet) + choose.of(alphabet) : choose.of(alphabet)
  const longest = most / bytesOf(written(piece))
  const times = Math.max(choose.size(longest), choose.size(longest))
  const end = () => choose.of(['', 'a', 'b', 'example', choose.of(alphabet)])
  return mapped([end(), { piece, times }, end()], written)
}
