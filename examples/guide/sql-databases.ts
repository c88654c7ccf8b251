import { DatabaseSync } from 'node:sqlite'
import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

const NewBoat = z.object({ name: z.string().min(1), length: z.number().gt(0), pin: z.string().length(4) })
const Boat = z.object({ id: z.int(), name: z.string(), length: z.number() }).meta({ id: 'Boat' })
const StoredBoat = Boat.extend({ pin: z.string() })

// https://sqlite.org/rescode.html#constraint_unique
const UNIQUE_CONSTRAINT = 2067

// One connection for the life of the application.
const database = dependency({ scope: 'app' }, function* () {
  const database = new DatabaseSync(process.env['DATABASE'] ?? 'harbour.sqlite')
  database.exec(`
    pragma journal_mode = wal;
    create table if not exists boat (id integer primary key, name text not null unique, length real not null, pin text not null)
  `)
  yield database
  database.close()
})

// What can be done with boats, so that no handler writes SQL.
const boats = dependency({ dependencies: { database } }, ({ database }) => ({
  list: (limit: number, offset: number) =>
    z.array(StoredBoat).parse(database.prepare('select * from boat order by id limit ? offset ?').all(limit, offset)),
  find(id: number) {
    const row = database.prepare('select * from boat where id = ?').get(id)
    if (row === undefined) throw new HttpError(404, `There is no boat ${id}`)
    return StoredBoat.parse(row)
  },
  add: ({ name, length, pin }: z.output<typeof NewBoat>) =>
    StoredBoat.parse(
      database.prepare('insert into boat (name, length, pin) values (?, ?, ?) returning *').get(name, length, pin),
    ),
  rename: (id: number, name: string) => database.prepare('update boat set name = ? where id = ?').run(name, id),
  remove: (id: number) => database.prepare('delete from boat where id = ?').run(id).changes > 0,
}))

const params = z.object({ id: z.int() })
const Page = z.object({ limit: z.int().min(1).max(100).default(20), offset: z.int().min(0).default(0) })

app.post(
  '/boats',
  { dependencies: { boats }, body: NewBoat, status: 201, response: Boat },
  async function addBoat({ boats, body }) {
    return boats.add(body)
  },
)

app.get(
  '/boats',
  { dependencies: { boats }, query: Page, response: z.array(Boat) },
  async function listBoats({ boats, query }) {
    return boats.list(query.limit, query.offset)
  },
)

app.get('/boats/{id}', { dependencies: { boats }, params, response: Boat }, async function readBoat({ boats, params }) {
  return boats.find(params.id)
})

app.patch(
  '/boats/{id}',
  { dependencies: { boats }, params, body: NewBoat.pick({ name: true }), response: Boat },
  async function renameBoat({ boats, params, body }) {
    boats.rename(params.id, body.name)
    return boats.find(params.id)
  },
)

app.delete(
  '/boats/{id}',
  { dependencies: { boats }, params, status: 204 },
  async function removeBoat({ boats, params }) {
    if (!boats.remove(params.id)) throw new HttpError(404, `There is no boat ${params.id}`)
  },
)

// A constraint of the database is the client's mistake, too. Anything else is thrown again.
app.onError(Error, error => {
  if (!('errcode' in error && error.errcode === UNIQUE_CONSTRAINT)) throw error
  const problem = { type: 'about:blank', title: 'Conflict', status: 409, detail: 'There is a boat of that name' }
  return Response.json(problem, { status: 409, headers: { 'content-type': 'application/problem+json' } })
})

if (import.meta.main) await serve(app)
