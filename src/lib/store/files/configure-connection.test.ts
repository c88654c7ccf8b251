import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { configureConnection } from './configure-connection.ts'

test('configureConnection acknowledges only what has reached the disk, bounds the log and overwrites what is removed', t => {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-'))
  t.after(() => rmSync(folder, { recursive: true }))
  using database = new DatabaseSync(join(folder, 'd.sqlite'))
  configureConnection(database)
  const pragma = (name: string) => Object.values(database.prepare(`pragma ${name}`).get() ?? {})[0]
  assert.deepEqual(
    ['journal_mode', 'synchronous', 'fullfsync', 'checkpoint_fullfsync', 'journal_size_limit', 'secure_delete'].map(
      pragma,
    ),
    ['wal', 2, 1, 1, 67_108_864, 1],
  )
})
