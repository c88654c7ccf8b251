import { PgBoss } from 'pg-boss'
import { Pool } from 'undici'
import { deliveryBody, inFlight, senderArguments, serveSender } from '../delivery/sender-program.ts'

/**
 * pg-boss and undici, in three variants, each with 64 in flight. `fetch` is the best that they allow: jobs are fetched
 * ahead in batches while others are sent, and finished ones are completed by one statement per batch. `work` is its own
 * worker with batches of 64: the next batch is fetched when the slowest job has ended, and one failure fails the whole
 * batch. `pairs` separates deliveries as far as the worker can without a pause: 32 workers with batches of two, each
 * job with a result of its own. Everything else that pg-boss does (schedules, supervision) is off. A second word of the
 * variant names a queue that several processes share.
 */
const { deliveries, receiver, database, variant } = senderArguments()
const [how = '', queue = `deliveries-${process.pid}`] = variant.split(' ')
const [fetchedTogether, insertedTogether] = [256, 1_000]

const boss = new PgBoss({ connectionString: database, supervise: false, schedule: false, max: 10 })
boss.on('error', error => console.error(error))
await boss.start()
await boss.createQueue(queue)

interface Payload {
  readonly body: string
}

interface Waiting {
  readonly id: string
  readonly data: Payload
}

serveSender({
  async store() {
    for (let stored = 0; stored < deliveries; stored += insertedTogether) {
      const length = Math.min(insertedTogether, deliveries - stored)
      await boss.insert(
        queue,
        Array.from({ length }, () => ({ data: { body: deliveryBody } })),
      )
    }
  },
  async deliver() {
    const pool = new Pool(receiver.origin, { connections: inFlight })
    await deliverAll[how]?.(pool)
    await pool.close()
  },
})

const deliverAll: Record<string, (pool: Pool) => Promise<void>> = {
  fetch: pool => new Loop(pool).run(),
  work,
  pairs,
}

/** Resolves when the last batch has been sent; its completion is one statement more. */
async function work(pool: Pool): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let sent = 0
  const options = { batchSize: inFlight, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 }
  await boss.work<Payload>(queue, options, async jobs => {
    await Promise.all(jobs.map(({ data }) => send(pool, data))).catch(reject)
    sent += jobs.length
    if (sent === deliveries) resolve()
  })
  await promise
  await boss.offWork(queue)
}

/** The same for many small workers. */
async function pairs(pool: Pool): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let sent = 0
  const options = {
    localConcurrency: inFlight / 2,
    batchSize: 2,
    burstWhenBatchFull: true,
    perJobResults: true,
    pollingIntervalSeconds: 0.5,
  } as const
  await boss.work<Payload, unknown, typeof options>(queue, options, async jobs => {
    await Promise.all(jobs.map(({ data }) => send(pool, data))).catch(reject)
    sent += jobs.length
    if (sent === deliveries) resolve()
    return jobs.map(({ id }) => ({ id, status: 'completed' as const }))
  })
  await promise
  await boss.offWork(queue)
}

async function send(pool: Pool, { body }: Payload): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await pool.request({ path: receiver.pathname, method: 'POST', headers, body })
  await response.body.dump()
}

class Loop {
  readonly #pool: Pool
  readonly #done = Promise.withResolvers<void>()
  #waiting: Waiting[] = []
  #finished: string[] = []
  #flying = 0
  #isEmpty = false
  #fetching = false
  #completing = false

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async run(): Promise<void> {
    this.#turn()
    await this.#done.promise
  }

  #turn(): void {
    while (this.#flying < inFlight) {
      const job = this.#waiting.shift()
      if (job === undefined) break
      this.#send(job).catch(this.#done.reject)
    }
    if (!this.#fetching && this.#waiting.length < inFlight && !this.#isEmpty) this.#fetch().catch(this.#done.reject)
    if (!this.#completing && this.#finished.length > 0) this.#complete().catch(this.#done.reject)
    const left = this.#flying + this.#waiting.length + this.#finished.length
    if (this.#isEmpty && left === 0 && !this.#fetching && !this.#completing) this.#done.resolve()
  }

  async #fetch(): Promise<void> {
    this.#fetching = true
    const jobs = await boss.fetch<Payload>(queue, { batchSize: fetchedTogether })
    this.#fetching = false
    this.#isEmpty = jobs.length === 0
    this.#waiting.push(...jobs)
    this.#turn()
  }

  async #complete(): Promise<void> {
    this.#completing = true
    const ids = this.#finished
    this.#finished = []
    await boss.complete(queue, ids)
    this.#completing = false
    this.#turn()
  }

  async #send({ id, data }: Waiting): Promise<void> {
    this.#flying++
    await send(this.#pool, data)
    this.#finished.push(id)
    this.#flying--
    this.#turn()
  }
}
