import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { defaultLocation } from './default-location.ts'

test('defaultLocation is beside the nearest package.json above the entry file', t => {
  const root = mkdtempSync(join(tmpdir(), 'ringback-'))
  t.after(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'src', 'server'), { recursive: true })
  writeFileSync(join(root, 'package.json'), '{}')
  const location = defaultLocation({
    entryFile: join(root, 'src/server/app.ts'),
    configured: undefined,
    workingDirectory: '/',
  })
  assert.equal(location.path, join(root, '.ringback', 'deliveries.sqlite'))
  assert.equal(location.masterSecretPath, join(root, '.ringback', 'master-secret'))
  assert.equal(location.temporary, true)
})

test('defaultLocation takes the configured path from the working directory', () => {
  const options = { entryFile: '/srv/app.ts', configured: 'data/d.sqlite', workingDirectory: '/srv' }
  assert.equal(defaultLocation(options).path, '/srv/data/d.sqlite')
  assert.equal(defaultLocation(options).masterSecretPath, '/srv/data/master-secret')
})

test('defaultLocation is in the working directory where there is no package.json', () => {
  const options = { entryFile: undefined, configured: undefined, workingDirectory: '/' }
  assert.equal(defaultLocation(options).path, '/.ringback/deliveries.sqlite')
})
