import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { newDelivery } from './conformance-rows.ts'
import { deliveriesText } from './intake-text.ts'
import { prepareDatabase } from './sqlite-batch.ts'
import { tablesVersion } from './sqlite-schema.ts'

/**
 * What a version stands for: the tables with their indexes, and the text of the intake, which one process writes and another
 * reads. Whoever changes either adds a migration, and its hash here; those that are published stay as they are.
 */
const hashes: Readonly<Record<number, string>> = {
  3: 'kG01ANnWiomUPIqHAG4giptfZFgabH61PZ12HhpXDcA',
}

test('the version of the tables stands for these tables and this text of the intake, and for no others', () => {
  const database = new DatabaseSync(':memory:')
  prepareDatabase(database)
  const tables = database
    .prepare("select type, name, tbl_name, sql from sqlite_master where name not like 'sqlite_%' order by type, name")
    .all()
    .map(({ type, name, tbl_name, sql }) => [type, name, tbl_name, String(sql).replaceAll(/\s+/g, ' ')])
  const bytes = { headers: Buffer.from('h'), body: Buffer.from('b') }
  const texts = { idempotencyKey: 'k', digest: 'd', orderingKey: 'o', responses: '{}', traceParent: 't', dueAt: 7 }
  const intake = deliveriesText([{ now: 1, rows: [newDelivery('a'), newDelivery('b', { ...bytes, ...texts })] }])
  const hash = createHash('sha256')
    .update(JSON.stringify([tables, intake]))
    .digest('base64url')
  assert.equal(hash, hashes[tablesVersion], `version ${tablesVersion} stands for something else now`)
})
