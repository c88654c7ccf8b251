import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { currentTerminal } from './terminal.ts'

const { stdout } = process
const before = { isTTY: stdout.isTTY, columns: stdout.columns }

afterEach(() => {
  Object.assign(stdout, before)
})

test('currentTerminal takes the usual width where a terminal was told none, and cuts nothing in a pipe', () => {
  const columns = (isTTY: boolean, columns: number | undefined) => {
    Object.assign(stdout, { isTTY, columns })
    return currentTerminal().columns
  }
  assert.equal(columns(true, 120), 120)
  assert.equal(columns(true, 0), 80)
  assert.equal(columns(true, undefined), 80)
  assert.equal(columns(false, undefined), undefined)
})
