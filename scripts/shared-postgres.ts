import { sharedPostgresVariable, startPostgresServer } from '../test/support/postgres-server.ts'

/** A server of PostgreSQL for all tests of a run: a start costs more than most of what is tested with it. */
export interface SharedPostgres {
  /** Whether a test can run. */
  readonly allows: (file: string) => boolean
  stop(): Promise<void>
}

/**
 * Starts the server. Where that fails, as for root in a folder that no other user can read, what needs it is left out and
 * the output says so.
 */
export async function sharePostgres(): Promise<SharedPostgres> {
  try {
    const { connectionString, stop } = await startPostgresServer()
    process.env[sharedPostgresVariable] = connectionString
    return { allows: () => true, stop }
  } catch (error) {
    console.log('PostgreSQL does not start here, so what needs it is NOT TESTED:', error)
    process.env[sharedPostgresVariable] = ''
    return { allows: file => !/[/\\]postgres/.test(file), async stop() {} }
  }
}
