import assert from 'node:assert/strict'
import { test } from 'node:test'
import { styleText } from 'node:util'
import { terminalHtml } from './terminal-html.ts'

test('terminalHtml shows styles within each other, and text as it is', () => {
  const text = styleText(['bold', 'cyan'], 'a < b & c', { validateStream: false })
  assert.equal(
    terminalHtml(`${text}!`),
    '<span style="font-weight: bold"><span style="color: #56c8d8">a &lt; b &amp; c</span></span>!',
  )
})
