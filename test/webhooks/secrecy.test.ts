import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sqliteStore } from '../../src/lib/store/sqlite/sqlite-store.ts'
import { spellings, toldSecrets } from './told-secrets.ts'

test('No secret and no value of a header is in the files of a store, in logs, in lists or in errors', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'deliveries.sqlite')
  const { secrets, text } = await toldSecrets(t, () => sqliteStore({ path }))
  const files = readdirSync(folder).map(file => readFileSync(join(folder, file)))
  for (const secret of secrets)
    for (const spelling of spellings(secret)) {
      for (const file of files) assert.equal(file.includes(spelling), false)
      assert.equal(text.includes(spelling.toString('utf8')), false)
    }
})
