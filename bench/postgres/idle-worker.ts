import { createDelivery } from 'ringback/delivery'
import { postgresStore } from 'ringback/postgres'
import { announce } from '../process/parent.ts'
import { idleSigning } from './idle-signing.ts'

/** Sends what another process adds. */
const [connectionString = '', schema = '', wake = 'poll'] = process.argv.slice(2)
const store = postgresStore({ connectionString, schema, wake: wake as 'listen' | 'poll', preparedStatements: true })
const delivery = createDelivery({ store, ...idleSigning })
await delivery.start()
announce('ready', () => delivery.close({ graceMs: 0 }))
