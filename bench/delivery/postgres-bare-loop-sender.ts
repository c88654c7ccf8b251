import pg from 'pg'
import { Pool } from 'undici'
import { deliveryBody, inFlight, senderArguments, serveSender } from './sender-program.ts'

/**
 * The least that a delivery loop on PostgreSQL can do: claim ahead, send by undici, settle what has finished by one statement.
 * A lease is a due time, two connections, prepared statements. No signature, no log of attempts, no guard, no fairness.
 */
const { deliveries, receiver, database } = senderArguments()
const claimedTogether = 256

const claimer = new pg.Client({ connectionString: database })
const settler = new pg.Client({ connectionString: database })
await Promise.all([claimer.connect(), settler.connect()])
await claimer.query(`
  create schema if not exists bare;
  create table if not exists bare.delivery (number bigint generated always as identity primary key, body text not null);
  create table if not exists bare.queue (due_at timestamptz not null, number bigint not null, token int not null,
    primary key (due_at, number)) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02)`)

const add = `with added as (insert into bare.delivery (body) select $1 from generate_series(1, $2::int) returning number)
  insert into bare.queue select now(), number, 0 from added`
const claim = `with due as (select due_at, number from bare.queue where due_at <= now() order by due_at, number
    limit ${claimedTogether} for update skip locked),
  leased as (update bare.queue q set due_at = now() + interval '25 s', token = token + 1 from due
    where q.due_at = due.due_at and q.number = due.number returning q.number, q.token, q.due_at::text as due_at)
  select l.*, d.body from leased l join bare.delivery d on d.number = l.number`
const settle = `delete from bare.queue q using unnest($1::timestamptz[], $2::bigint[], $3::int[]) as j(due_at, number, token)
  where q.due_at = j.due_at and q.number = j.number and q.token = j.token`

interface Row {
  readonly number: string
  readonly token: number
  readonly due_at: string
  readonly body: string
}

serveSender({
  async store() {
    for (let stored = 0; stored < deliveries; stored += 1_000)
      await claimer.query(add, [deliveryBody, Math.min(1_000, deliveries - stored)])
  },
  deliver: () => new Loop().run(),
})

class Loop {
  readonly #pool = new Pool(receiver.origin, { connections: inFlight })
  readonly #done = Promise.withResolvers<void>()
  readonly #waiting: Row[] = []
  #finished: Row[] = []
  #flying = 0
  #claiming = false
  #settling = false
  #empty = false

  async run(): Promise<void> {
    this.#turn()
    await this.#done.promise
    await this.#pool.close()
  }

  #turn(): void {
    while (this.#flying < inFlight) {
      const row = this.#waiting.shift()
      if (row === undefined) break
      this.#send(row).catch(this.#done.reject)
    }
    if (!this.#claiming && !this.#empty && this.#waiting.length < inFlight) this.#claim().catch(this.#done.reject)
    if (!this.#settling && this.#finished.length > 0) this.#settle().catch(this.#done.reject)
    const isIdle = this.#flying + this.#waiting.length + this.#finished.length === 0
    if (this.#empty && isIdle && !this.#claiming && !this.#settling) this.#done.resolve()
  }

  async #claim(): Promise<void> {
    this.#claiming = true
    const { rows } = await claimer.query<Row>({ name: 'claim', text: claim })
    this.#claiming = false
    this.#empty = rows.length === 0
    this.#waiting.push(...rows)
    this.#turn()
  }

  async #settle(): Promise<void> {
    this.#settling = true
    const rows = this.#finished
    this.#finished = []
    const values = (['due_at', 'number', 'token'] as const).map(column => rows.map(row => row[column]))
    await settler.query({ name: 'settle', text: settle, values })
    this.#settling = false
    this.#turn()
  }

  async #send(row: Row): Promise<void> {
    this.#flying++
    const headers = { 'content-type': 'application/json' }
    const response = await this.#pool.request({ path: receiver.pathname, method: 'POST', headers, body: row.body })
    await response.body.dump()
    this.#finished.push(row)
    this.#flying--
    this.#turn()
  }
}
