import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Column, tableLines } from './table.ts'
import type { Terminal } from './terminal.ts'

interface Row {
  readonly id: string
  readonly note: string
  readonly url: string
}

const columns: readonly Column<Row>[] = [
  { title: 'ID', text: ({ id }) => id },
  { title: 'NOTE', text: ({ note }) => note, givesWay: 1 },
  { title: 'URL', text: ({ url }) => url },
]
const rows: readonly Row[] = [
  { id: 'a', note: 'short', url: 'https://www.external.org/events/invoices/1' },
  { id: 'long', note: 'x', url: 'https://www.external.org/events/invoices/22' },
]
const terminal = (width: number | undefined): Terminal => ({ columns: width, color: (_, text) => text })

test('tableLines aligns everything in a pipe, without padding at the end of a line', () => {
  assert.deepEqual(tableLines(columns, rows, terminal(undefined)), [
    'ID    NOTE   URL',
    'a     short  https://www.external.org/events/invoices/1',
    'long  x      https://www.external.org/events/invoices/22',
  ])
})

test('tableLines cuts the middle of the last column to fit a terminal', () => {
  assert.deepEqual(tableLines(columns, rows, terminal(45)), [
    'ID    NOTE   URL',
    'a     short  https://www.exte…ents/invoices/1',
    'long  x      https://www.exte…nts/invoices/22',
  ])
})

test('tableLines leaves out a column that gives way before it cuts the last one too short', () => {
  assert.deepEqual(tableLines(columns, rows, terminal(35)), [
    'ID    URL',
    'a     https://www.ex…nts/invoices/1',
    'long  https://www.ex…ts/invoices/22',
  ])
})

test('tableLines fits every line into any terminal that has room for the first columns', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ id: fc.string({ maxLength: 30 }), note: fc.string(), url: fc.webUrl() })),
      fc.integer({ min: 40, max: 200 }),
      (rows, width) => {
        for (const line of tableLines(columns, rows, terminal(width))) assert.ok(line.length <= width, line)
      },
    ),
  )
})

test('tableLines lets no control character of a cell through', () => {
  const [, line] = tableLines(columns, [{ id: '\u001b[31m', note: 'a\nb', url: '\u009b' }], terminal(undefined))
  assert.equal(line, '\\x1b[31m  a\\x0ab  \\x9b')
})
