import { DatabaseSync } from 'node:sqlite'
import { type Dependency, dependency, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

/** The database of the application: a file, or what a test puts in its place. */
export const database: Dependency<DatabaseSync> = dependency({ scope: 'app' }, function* () {
  const opened = openDatabase(process.env['DATABASE'] ?? 'harbour.sqlite')
  yield opened
  opened.close()
})

/** Opens a database with all of its tables. */
export function openDatabase(path: string): DatabaseSync {
  const opened = new DatabaseSync(path)
  opened.exec('create table if not exists boat (name text primary key, length real not null)')
  return opened
}

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const Boat = z.object({ name: z.string(), length: z.number() }).meta({ id: 'Boat' })

app.post(
  '/boats',
  { dependencies: { database }, body: Boat, status: 201, response: Boat },
  async function addBoat({ database, body }) {
    database.prepare('insert into boat (name, length) values (?, ?)').run(body.name, body.length)
    return body
  },
)

app.get('/boats', { dependencies: { database }, response: z.array(Boat) }, async function listBoats({ database }) {
  return z.array(Boat).parse(database.prepare('select * from boat order by name').all())
})

if (import.meta.main) await serve(app)
