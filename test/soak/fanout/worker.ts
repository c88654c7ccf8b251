import { postgresStore } from '../../../src/lib/store/postgres/postgres-store.ts'
import { sqliteStore } from '../../../src/lib/store/sqlite/sqlite-store.ts'
import { engineWith } from '../../webhooks/webhook-engine.ts'

/** Makes the deliveries of what others have sent, until it is killed. */
const [kind = '', place = ''] = process.argv.slice(2)
const store = kind === 'sqlite' ? sqliteStore({ path: place }) : postgresStore({ connectionString: place })
await engineWith({ store, log: { debug() {}, info() {}, warn() {}, error() {} } }).start()
process.send?.('ready')
