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

storeConformance({
  name: 'sqliteStore with a path',
  create: () => sqliteStore({ path: join(folder, `${++files}.sqlite`) }),
})

// With a plain connection it is what `memoryStore` is made of.
storeConformance({
  name: 'sqliteStore with a connection that gives lists of bigints',
  create: () => sqliteStore({ database: new DatabaseSync(':memory:', { returnArrays: true, readBigInts: true }) }),
})
