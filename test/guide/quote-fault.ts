/**
 * What is wrong with a quotation of a file: undefined if each of its paragraphs, which blank lines part, stands in the
 * file as it is and behind the one before. So a page may leave out what stands between two paragraphs.
 */
export function quoteFault(quotation: string, source: string): string | undefined {
  let rest = `\n${source}`
  for (const paragraph of quotation.trim().split(/\n{2,}/)) {
    const place = rest.indexOf(`\n${paragraph}\n`)
    if (place < 0) return `wanted: these lines of the example\n${paragraph}\nreal:   ${nearest(paragraph, rest)}`
    rest = rest.slice(place + paragraph.length + 1)
  }
  return undefined
}

/** The beginning of what the file has in its place. */
function nearest(paragraph: string, source: string): string {
  const lines = paragraph.split('\n')
  const known = lines.findIndex(line => line.trim().length > 2 && source.includes(`\n${line}\n`))
  if (known < 0) return 'none of them stands there, or only before what was quoted last'
  const begin = source.slice(source.indexOf(`\n${lines[known]}\n`) + 1)
  return `from the first that stands there\n${begin.split('\n').slice(0, lines.length).join('\n')}`
}
