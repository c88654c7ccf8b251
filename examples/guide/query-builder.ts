import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { type Generated, Kysely, type SqliteDatabase, SqliteDialect } from 'kysely'
import { dependency, HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

/** What is in the database. */
interface Tables {
  readonly boat: { readonly id: Generated<number>; readonly name: string; readonly length: number }
  readonly stay: { readonly boat: number; readonly pier: string; readonly nights: number }
}

/** `node:sqlite` as Kysely wants it. */
function driverOf(database: DatabaseSync): SqliteDatabase {
  const prepare = (sql: string) => {
    const statement = database.prepare(sql)
    const inputs = (values: readonly unknown[]) => values as readonly SQLInputValue[]
    return {
      reader: statement.columns().length > 0,
      all: (values: readonly unknown[]) => statement.all(...inputs(values)),
      run: (values: readonly unknown[]) => statement.run(...inputs(values)),
      iterate: (values: readonly unknown[]) => statement.iterate(...inputs(values)),
    }
  }
  return { prepare, close: () => database.close() }
}

// One connection for the life of the application.
export const database = dependency({ scope: 'app' }, async function* () {
  const connection = new DatabaseSync(process.env['DATABASE'] ?? 'harbour.sqlite')
  connection.exec(`
    create table if not exists boat (id integer primary key, name text not null, length real not null);
    create table if not exists stay (boat integer not null references boat, pier text not null, nights integer not null)
  `)
  const database = new Kysely<Tables>({ dialect: new SqliteDialect({ database: driverOf(connection) }) })
  yield database
  await database.destroy()
})

// Committed when the handler has returned, and before the client hears of it.
const transaction = dependency({ scope: 'handler', dependencies: { database } }, async function* ({ database }) {
  const transaction = await database.startTransaction().execute()
  try {
    yield transaction
    await transaction.commit().execute()
  } catch (error) {
    await transaction.rollback().execute()
    throw error
  }
})

const NewStay = z.object({ boat: z.string(), length: z.number().gt(0), pier: z.string(), nights: z.int().min(1) })
const Stay = NewStay.meta({ id: 'Stay' })

app.post(
  '/stays',
  { dependencies: { transaction }, body: NewStay, status: 201, response: z.object({ boat: z.int() }) },
  async function addStay({ transaction, body: { boat: name, length, pier, nights } }) {
    const { id } = await transaction
      .insertInto('boat')
      .values({ name, length })
      .returning('id')
      .executeTakeFirstOrThrow()
    await transaction.insertInto('stay').values({ boat: id, pier, nights }).execute()
    if (nights > 30) throw new HttpError(409, 'Nobody stays longer than 30 nights')
    return { boat: id }
  },
)

const Filter = z.object({
  pier: z.string().optional(),
  longest: z.number().optional(),
  sort: z.enum(['name', 'nights']).default('name'),
})

// A query that grows with what was asked for.
app.get(
  '/stays',
  { dependencies: { database }, query: Filter, response: z.array(Stay) },
  async function listStays({ database, query }) {
    let stays = database
      .selectFrom('stay')
      .innerJoin('boat', 'boat.id', 'stay.boat')
      .select(['boat.name as boat', 'boat.length', 'stay.pier', 'stay.nights'])
    if (query.pier !== undefined) stays = stays.where('stay.pier', '=', query.pier)
    if (query.longest !== undefined) stays = stays.where('boat.length', '<=', query.longest)
    return stays.orderBy(query.sort).execute()
  },
)

if (import.meta.main) await serve(app)
