import { setTimeout } from 'node:timers/promises'
import { stripVTControlCharacters, styleText } from 'node:util'

const margin = '  '
const gap = '     '
const textWidth = 80

/** Lines that belong together, under a title: a request, a response. */
export interface Block {
  readonly title: string
  readonly lines: readonly string[]
}

/** The columns of the terminal; a pipe counts as a narrow one. */
const columns = (): number => process.stdout.columns ?? textWidth

let afterEmpty = false

function print(line = ''): void {
  afterEmpty = line === ''
  console.log(afterEmpty ? '' : margin + line)
}

/** The heading of a step. */
export function heading(text: string): void {
  if (!afterEmpty) print()
  console.log(styleText(['bold', 'cyan'], text))
  print()
}

/** A paragraph, broken into lines. */
export function say(text: string, style: (line: string) => string = line => line): void {
  for (const line of wrap(text, Math.min(columns(), textWidth) - margin.length)) print(style(line))
  print()
}

/** Lines as they are. */
export function show(lines: readonly string[]): void {
  for (const line of lines) print(line)
  print()
}

/** Lines of a program; one that is too long continues below its first bracket. */
export function showCode(lines: readonly string[]): void {
  const fitting = (line: string) => margin.length + line.length <= columns()
  show(lines.flatMap(line => (fitting(line) ? [line] : line.replace('(', `(\n${/^ */.exec(line)}    `).split('\n'))))
}

/** Something that was checked and is right. */
export function confirm(text: string): void {
  const [first = '', ...rest] = wrap(text, Math.min(columns(), textWidth) - margin.length - 2)
  print(`${styleText('green', '✓')} ${first}`)
  for (const line of rest) print(`  ${line}`)
}

/** What went wrong, and the text that may explain it. */
export function fail(text: string, details: string): void {
  console.error(`\n${styleText('red', '✗', { stream: process.stderr })} ${text}`)
  if (details !== '') console.error(`\nWhat the process of the API printed:\n\n${details.trimEnd()}`)
}

/** Two blocks side by side where the terminal is wide enough, else one below the other. */
export function showBeside(left: Block, right: Block): void {
  const [leftLines, rightLines] = [blockLines(left), blockLines(right)]
  const width = widest(leftLines)
  if (!process.stdout.isTTY || margin.length + width + gap.length + widest(rightLines) > columns()) {
    show(leftLines)
    show(rightLines)
    return
  }
  const rows = Array.from({ length: Math.max(leftLines.length, rightLines.length) }, (_, row) => {
    const line = leftLines[row] ?? ''
    return `${line}${' '.repeat(width - widthOf(line))}${gap}${rightLines[row] ?? ''}`.trimEnd()
  })
  show(rows)
}

/** Shows the time left until `time` (epoch milliseconds) while it waits for `arrival`; in a pipe once, as one line. */
export async function countDown<T>(text: string, time: number, arrival: Promise<T>): Promise<T> {
  const secondsLeft = () => `${(Math.max(time - Date.now(), 0) / 1000).toFixed(1)} s`
  if (!process.stdout.isTTY) {
    show([`${text} ${secondsLeft()}`])
    return arrival
  }
  const ended = arrival.then(
    () => true,
    () => true,
  )
  do process.stdout.write(`\r${margin}${text} ${styleText('yellow', secondsLeft())} `)
  while (!(await Promise.race([ended, setTimeout(100, false)])))
  process.stdout.write('\r\x1b[K')
  return arrival
}

export const title = (text: string): string => styleText('bold', text)

export const faint = (text: string): string => styleText('dim', text)

const blockLines = (block: Block): string[] => [title(block.title), ...block.lines]

const widthOf = (line: string): number => stripVTControlCharacters(line).length

const widest = (lines: readonly string[]): number => Math.max(...lines.map(widthOf))

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
