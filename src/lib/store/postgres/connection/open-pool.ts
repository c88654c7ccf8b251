import { once } from '../../../once.ts'
import { loadPg } from './load-pg.ts'
import type { OwnPool } from './own-client.ts'

/** What a pool of the store's own is made with. */
export interface OwnPoolOptions {
  readonly connectionString: string
  readonly connections: number
  readonly connectTimeoutMs: number
  /** Whether statements are sent before others are answered, which keeps cursors from working. */
  readonly pipeline: boolean
}

/** Opens a pool at its first use. */
export function openPool({ connectionString, connections, connectTimeoutMs, pipeline }: OwnPoolOptions): OwnPool {
  let isOpen = false
  const pool = once(async () => {
    isOpen = true
    const { Pool } = await loadPg()
    const made = new Pool({
      connectionString,
      max: connections,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      pipeline,
      application_name: 'ringback',
      allowExitOnIdle: true,
    })
    // A connection that breaks while nobody uses it is simply no longer there.
    made.on('error', () => {})
    return made
  })
  return {
    connect: async () => (await pool()).connect(),
    end: async () => {
      if (isOpen) await (await pool()).end()
    },
  }
}
