/** How a template names a file, or a named fence of a page, and what of it is quoted: `{{file | start | start}}`. */
const quotation = /^\{\{(?<file>[^|#}]+?)(?:#(?<fence>[\w.-]+))? \| (?<parts>.+)\}\}$/gm

/**
 * Fills a template with what it quotes: statements of a program by how they start, with the comments above them, and rows of
 * a page's table by their first cell. Throws where something is not there any more.
 */
export function skillText(template: string, read: (file: string) => string): string {
  return template.replaceAll(quotation, (...match) => {
    const { file, fence, parts } = match.at(-1) as { file: string; fence?: string; parts: string }
    if (file.endsWith('.md') && fence === undefined) return rows(file, read(file), parts.split(' '))
    const program = fence === undefined ? read(file) : fenceOf(file, read(file), fence)
    return parts
      .split(' | ')
      .map(start => statement(file, program, start))
      .join('\n\n')
  })
}

/** The block of a page whose first line names it. */
function fenceOf(page: string, text: string, name: string): string {
  const start = text.indexOf(`\`\`\`ts\n// ${name}\n`)
  if (start === -1) throw new Error(`${page} has no block "// ${name}"`)
  const [, code = ''] = text.slice(start).split(/^```.*\n(?:\/\/ .*\n)?/m)
  return code
}

/** The statements at the margin that start so, each with the comment above it. */
function statement(file: string, program: string, start: string): string {
  const statements: string[] = []
  for (const text of program.split(/\n(?=[^\s})\]])/)) {
    const last = statements.at(-1)
    if (last !== undefined && isComment(last)) statements[statements.length - 1] = `${last}\n${text.trimEnd()}`
    else statements.push(text.trimEnd())
  }
  const found = statements.filter(text => text.startsWith(start) || text.includes(`\n${start}`))
  if (found.length === 0) throw new Error(`${file} has no statement that starts with "${start}"`)
  return found.join('\n')
}

/** Whether a text is a comment and nothing else. */
const isComment = (text: string): boolean => text.split('\n').every(line => /^(?:\/\/|\/\*\*| \*)/.test(line))

function rows(file: string, text: string, codes: readonly string[]): string {
  const lines = text.split('\n')
  return codes
    .map(code => {
      const row = lines.find(line => line.startsWith(`| \`${code}\` |`))
      if (row === undefined) throw new Error(`${file} has no row "${code}"`)
      return row
    })
    .join('\n')
}
