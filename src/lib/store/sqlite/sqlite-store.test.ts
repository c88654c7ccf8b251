import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after } from 'node:test'
import { storeConformance } from '../conformance/store-conformance.ts'
import { sqliteStore } from './sqlite-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'ringback-'))
after(() => rmSync(folder, { recursive: true }))
let files = 0

// A thread for each of the cases takes as long as a tenth of all tests. `npm run test:package` has that time; before it the
// random stories of `test/model/` go through the thread, and the cases through the same code without one.
if (process.env['RINGBACK_TEST_PACKAGE'] !== undefined)
  storeConformance({
    name: 'sqliteStore with a path',
    create: () => sqliteStore({ path: join(folder, `${++files}.sqlite`) }),
  })

// With a plain connection it is what `memoryStore` is made of.
storeConformance({
  name: 'sqliteStore with a connection that gives lists of bigints',
  create: () => sqliteStore({ database: new DatabaseSync(':memory:', { returnArrays: true, readBigInts: true }) }),
})
