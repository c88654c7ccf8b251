import { DatabaseSync } from 'node:sqlite'
import { Pool } from 'undici'
import { deliveryBody, senderArguments, serveSender } from './sender-program.ts'

/**
 * The least that a delivery loop on SQLite can do: claim 100 rows, send them with 64 in flight, settle in one commit per
 * batch. One connection, on the main thread; WAL, synchronous=FULL. No signature, no log of attempts, no guard.
 */
const { deliveries, receiver, database: file } = senderArguments()
const [batch, inFlight, leaseMs] = [100, 64, 60_000]

const database = new DatabaseSync(file)
database.exec(`
  pragma journal_mode = WAL;
  pragma synchronous = FULL;
  create table delivery (
    id integer primary key, body text not null, state integer not null default 0, attempts integer not null default 0,
    next_at integer not null, lease_until integer, done_at integer
  ) strict;
  create index ready on delivery (next_at) where state = 0;
`)
const insert = database.prepare('insert into delivery (body, next_at) values (?, ?)')
const claim = database.prepare(
  `update delivery set state = 1, lease_until = ?, attempts = attempts + 1
   where id in (select id from delivery where state = 0 and next_at <= ? order by next_at limit ?) returning id, body`,
)
const settle = database.prepare('update delivery set state = 2, done_at = ?, lease_until = null where id = ?')

interface Row {
  readonly id: number
  readonly body: string
}

serveSender({
  store() {
    database.exec('begin immediate')
    for (let count = 0; count < deliveries; count++) insert.run(deliveryBody, Date.now())
    database.exec('commit')
  },
  deliver: () => new Loop().run(),
})

class Loop {
  readonly #pool = new Pool(receiver.origin, { connections: inFlight })
  readonly #waiting: Row[] = []
  readonly #finished: number[] = []
  readonly #done = Promise.withResolvers<void>()
  #flying = 0
  #settled = 0
  #empty = false
  #planned = false

  async run(): Promise<void> {
    this.#plan()
    await this.#done.promise
    await this.#pool.close()
  }

  #plan(): void {
    if (this.#planned) return
    this.#planned = true
    setImmediate(() => {
      this.#planned = false
      this.#turn()
    })
  }

  #turn(): void {
    const wants = this.#waiting.length < inFlight && !this.#empty
    if (this.#finished.length > 0 || wants) this.#exchange(wants)
    while (this.#flying < inFlight) {
      const row = this.#waiting.shift()
      if (row === undefined) break
      this.#send(row).catch(this.#done.reject)
    }
    if (this.#settled === deliveries) this.#done.resolve()
  }

  /** Settles and claims in one commit. */
  #exchange(wants: boolean): void {
    const now = Date.now()
    database.exec('begin immediate')
    for (const id of this.#finished) settle.run(now, id)
    const claimed = wants ? (claim.all(now + leaseMs, now, batch) as unknown[] as Row[]) : undefined
    database.exec('commit')
    this.#settled += this.#finished.length
    this.#finished.length = 0
    if (claimed === undefined) return
    this.#waiting.push(...claimed)
    this.#empty = claimed.length < batch
  }

  async #send({ id, body }: Row): Promise<void> {
    this.#flying++
    const headers = { 'content-type': 'application/json' }
    const response = await this.#pool.request({ path: receiver.pathname, method: 'POST', headers, body })
    await response.body.dump()
    this.#finished.push(id)
    this.#flying--
    this.#plan()
  }
}
