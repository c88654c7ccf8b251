import { closeSync, copyFileSync, fsyncSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { Child } from '../process/child.ts'
import { freePort } from '../process/free-port.ts'
import { TemporaryFolder } from '../process/temporary-folder.ts'

/** The databases of a run, by names. */
export interface Databases extends AsyncDisposable {
  /** What a program is told. */
  at(name: string): string
  copy(from: string, to: string): Promise<void>
  remove(name: string): Promise<void>
  /** What a database does by itself when much was written to it, done now. */
  rest(name: string): Promise<void>
}

/** Files of SQLite. */
export function fileDatabases(): Databases {
  const folder = new TemporaryFolder()
  const at = (name: string) => join(folder.path, `${name}.sqlite`)
  return {
    at,
    async copy(from, to) {
      copyFileSync(at(from), at(to))
      // Pending writes of the kernel would hold up the commits that are measured.
      const copied = openSync(at(to), 'r+')
      fsyncSync(copied)
      closeSync(copied)
    },
    async remove(name) {
      for (const suffix of ['', '-wal', '-shm']) rmSync(at(name) + suffix, { force: true })
    },
    async rest() {},
    async [Symbol.asyncDispose]() {
      folder[Symbol.dispose]()
    },
  }
}

/** Databases of one PostgreSQL server, on the core of the sender. */
export async function serverDatabases(core: { readonly core?: number }): Promise<Databases> {
  const program = join(import.meta.dirname, '../peers/postgres-server.ts')
  const args = [String(await freePort())]
  const { child, ready } = await Child.start<{ database: string }>(program, { args, ...core })
  const at = (name: string) => ready.database.replace(/bench$/, name)
  const run = async (database: string, ...statements: readonly string[]) => {
    const client = new pg.Client({ connectionString: at(database) })
    await client.connect()
    for (const sql of statements) await client.query(sql)
    await client.end()
  }
  const made = new Set<string>()
  for (const name of ['few', 'many', 'bare', 'load']) {
    await run('bench', `create database ${name}`)
    made.add(name)
  }
  return {
    at,
    async copy(from, to) {
      await run('bench', `drop database if exists ${to} with (force)`, `create database ${to} template ${from}`)
      await run(to, 'checkpoint')
    },
    async remove(name) {
      await run('bench', `drop database if exists ${name} with (force)`)
      if (made.has(name)) await run('bench', `create database ${name}`)
    },
    rest: name => run(name, 'vacuum analyze', 'checkpoint'),
    [Symbol.asyncDispose]: () => child.stop(),
  }
}
