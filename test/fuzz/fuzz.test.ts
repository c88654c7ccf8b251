import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { applyFault, faultName, faults } from './faults.ts'
import { foundText, fuzz } from './fuzz.ts'

const root = dirname(dirname(import.meta.dirname))

test('No request blocks the event loop, gets a huge response or fills the memory: five seconds of one seed', async () => {
  const { cases, found } = await fuzz(root, 1, 5)
  assert.equal(found && foundText(found), undefined)
  assert.ok(cases > 0)
})

for (const fault of faults)
  test(`The fault "${faultName(fault)}" can be put into the sources`, () => applyFault(fault, root, true))
