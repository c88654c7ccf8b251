import { escapeControls } from '../log/escape-controls.ts'
import type { Terminal, TerminalColor } from './terminal.ts'

/** One column of a table. */
export interface Column<Row> {
  readonly title: string
  readonly text: (row: Row) => string
  readonly color?: (row: Row) => TerminalColor
  /** Columns with a number give way on a narrow terminal, the highest first. */
  readonly givesWay?: number
}

interface SizedColumn<Row> {
  readonly column: Column<Row>
  readonly texts: readonly string[]
  readonly width: number
}

const gap = '  '
/** So much of the last column is worth more than a column that gives way. */
const leastLastWidth = 29

/**
 * Rows as aligned lines under their titles. On a terminal the lines fit its width: columns that give way are left out,
 * then the last one is cut in its middle. Elsewhere everything is written.
 */
export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[], terminal: Terminal): string[] {
  const sized = fitted(
    columns.map(column => sizedColumn(column, rows)),
    terminal.columns,
  )
  const title = sized.map(({ column, width }) => column.title.padEnd(width)).join(gap)
  const lines = rows.map((row, index) =>
    sized.map(cell => colored(cell, row, cell.texts[index] ?? '', terminal)).join(gap),
  )
  return [terminal.color('bold', title.trimEnd()), ...lines.map(line => line.trimEnd())]
}

function sizedColumn<Row>(column: Column<Row>, rows: readonly Row[]): SizedColumn<Row> {
  const texts = rows.map(row => escapeControls(column.text(row)))
  return { column, texts, width: Math.max(column.title.length, ...texts.map(text => text.length)) }
}

function fitted<Row>(columns: readonly SizedColumn<Row>[], room: number | undefined): SizedColumn<Row>[] {
  if (room === undefined) return withoutLastPadding(columns, Number.POSITIVE_INFINITY)
  let kept = [...columns]
  while (roomForLast(kept, room) < Math.min(leastLastWidth, kept.at(-1)?.width ?? 0)) {
    const [first] = kept
      .filter(({ column }) => column.givesWay !== undefined)
      .toSorted((a, b) => (b.column.givesWay ?? 0) - (a.column.givesWay ?? 0))
    if (first === undefined) break
    kept = kept.filter(column => column !== first)
  }
  return withoutLastPadding(kept, Math.max(roomForLast(kept, room), 1))
}

function roomForLast(columns: readonly SizedColumn<never>[], room: number): number {
  return room - columns.slice(0, -1).reduce((sum, { width }) => sum + width + gap.length, 0)
}

function withoutLastPadding<Row>(columns: readonly SizedColumn<Row>[], lastWidth: number): SizedColumn<Row>[] {
  return columns.map((sized, index) =>
    index === columns.length - 1
      ? { ...sized, width: 0, texts: sized.texts.map(text => cutInMiddle(text, lastWidth)) }
      : sized,
  )
}

/** What tells two URLs apart stands at their end, and where they lead at their beginning. */
function cutInMiddle(text: string, width: number): string {
  if (text.length <= width) return text
  const end = Math.floor((width - 1) / 2)
  return `${text.slice(0, width - 1 - end)}…${text.slice(text.length - end)}`
}

function colored<Row>({ column, width }: SizedColumn<Row>, row: Row, text: string, terminal: Terminal): string {
  const padded = text.padEnd(width)
  return column.color === undefined ? padded : terminal.color(column.color(row), padded)
}
