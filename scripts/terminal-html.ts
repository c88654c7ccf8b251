/** How a terminal shows what a style of Node's `styleText` sets. */
const styles: Readonly<Record<string, string>> = {
  1: 'font-weight: bold',
  2: 'opacity: 0.65',
  31: 'color: #ff7b72',
  32: 'color: #56d364',
  33: 'color: #e3b341',
  36: 'color: #56c8d8',
}

/** What `styleText` writes. */
const sequence = new RegExp(`${String.fromCharCode(27)}\\[([\\d;]*)m`, 'g')

/** The HTML of what a program has written to a terminal. Codes that set no style end one. */
export function terminalHtml(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  let open = 0
  const html = escaped.replaceAll(sequence, (_, code: string) => {
    const style = styles[code]
    if (style !== undefined) {
      open++
      return `<span style="${style}">`
    }
    if (open === 0) return ''
    open--
    return '</span>'
  })
  return html + '</span>'.repeat(open)
}
