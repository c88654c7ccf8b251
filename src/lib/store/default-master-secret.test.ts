import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { recipientSecret } from '../signature/master-secret.ts'
import { defaultMasterSecret } from './default-master-secret.ts'

test('defaultMasterSecret makes a secret once, for its owner only, in a folder out of version control', t => {
  const root = mkdtempSync(join(tmpdir(), 'ringback-'))
  t.after(() => rmSync(root, { recursive: true }))
  const folder = join(root, '.ringback')
  const secret = defaultMasterSecret(join(folder, 'master-secret'))
  assert.equal(defaultMasterSecret(join(folder, 'master-secret')), secret)
  assert.match(recipientSecret(secret, 'someone'), /^whsec_/)
  assert.deepEqual(readdirSync(folder).sort(), ['.gitignore', 'master-secret'])
  assert.equal(readFileSync(join(folder, '.gitignore'), 'utf8'), '*\n')
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  assert.equal(statSync(join(folder, 'master-secret')).mode & 0o777, 0o600)
})

test('defaultMasterSecret takes the secret that is there, and leaves a folder that it did not make as it is', t => {
  const root = mkdtempSync(join(tmpdir(), 'ringback-'))
  t.after(() => rmSync(root, { recursive: true }))
  writeFileSync(join(root, 'master-secret'), 'a secret of my own, long enough\n')
  assert.equal(defaultMasterSecret(join(root, 'master-secret')), 'a secret of my own, long enough')
  assert.deepEqual(readdirSync(root), ['master-secret'])
})
