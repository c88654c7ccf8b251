import assert from 'node:assert/strict'
import { test } from 'node:test'
import { environmentMasterSecrets } from './environment-master-secrets.ts'

test('environmentMasterSecrets takes white space around a secret for none of it', t => {
  const before = process.env['RINGBACK_MASTER_SECRET']
  t.after(() => {
    if (before === undefined) delete process.env['RINGBACK_MASTER_SECRET']
    else process.env['RINGBACK_MASTER_SECRET'] = before
  })
  process.env['RINGBACK_MASTER_SECRET'] = 'the new one, the old one\n'
  assert.deepEqual(environmentMasterSecrets(), ['the new one', 'the old one'])
  delete process.env['RINGBACK_MASTER_SECRET']
  assert.equal(environmentMasterSecrets(), undefined)
})
