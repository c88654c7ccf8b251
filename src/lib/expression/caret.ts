/**
 * Shows a place in a text: the text on one line, and a caret under the character at `index` on the next. Control
 * characters, line breaks too, are shown as spaces, so that the caret stays under its character.
 *
 * @example
 * ```ts
 * import { caret } from 'ringback/expression'
 *
 * console.log(caret('{url}/invoices', 1))
 * // {url}/invoices
 * //  ^
 * ```
 */
export function caret(source: string, index: number): string {
  const columns = [...source.slice(0, index)].length
  return `${source.replaceAll(/\p{Cc}/gu, ' ')}\n${' '.repeat(columns)}^`
}
