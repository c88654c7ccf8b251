/** A text in the form in which it was made: a long one is a short piece and a number, so that it fits on a line. */
export type Text = string | readonly Text[] | Repeated

/** A piece, repeated this many times. */
export interface Repeated {
  readonly piece: Text
  readonly times: number
}

/** The character that stands for the number of the repetition in a repeated piece. No grammar uses it otherwise. */
export const COUNT = '\ue000'

const isList = (text: Text): text is readonly Text[] => Array.isArray(text)

/** The characters themselves. */
export function written(text: Text): string {
  if (typeof text === 'string') return text
  if (isList(text)) return text.map(written).join('')
  const parts = written(text.piece).split(COUNT)
  if (parts.length === 1) return parts[0]!.repeat(text.times)
  return Array.from({ length: text.times }, (_, index) => parts.join(String(index))).join('')
}

/** The way it was made: `"[" "{}," × 9,000 "{}]"`. */
export function shown(text: Text): string {
  if (typeof text === 'string') return JSON.stringify(text.replaceAll(COUNT, '‹n›'))
  if (!isList(text)) return `(${shown(text.piece)} × ${text.times.toLocaleString('en')})`
  const parts = text.flatMap(part => (part === '' || (isList(part) && part.length === 0) ? [] : [shown(part)]))
  return parts.length === 0 ? '""' : parts.join(' ').replaceAll('" "', '')
}

/** The text with a change to each of its pieces. */
export function mapped(text: Text, change: (piece: string) => string): Text {
  if (typeof text === 'string') return change(text)
  if (isList(text)) return text.map(part => mapped(part, change))
  return { piece: mapped(text.piece, change), times: text.times }
}

/** Approximately how many bytes it takes: a number is counted as five digits. */
export function bytesOf(text: Text): number {
  if (typeof text === 'string') return Buffer.byteLength(text) + (text.includes(COUNT) ? 2 : 0)
  if (isList(text)) return text.reduce<number>((bytes, part) => bytes + bytesOf(part), 0)
  return bytesOf(text.piece) * text.times
}
