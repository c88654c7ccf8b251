import { setTimeout as pause } from 'node:timers/promises'
import { makeWorkerUtils, run } from 'graphile-worker'
import pg from 'pg'
import { Pool } from 'undici'
import { deliveryBody, inFlight, senderArguments, serveSender } from '../delivery/sender-program.ts'

/** graphile-worker and undici: as many jobs at once as the others have in flight; each is fetched and completed by itself. */
const { deliveries, receiver, database } = senderArguments()
const lookEveryMs = 100

const pgPool = new pg.Pool({ connectionString: database, max: 10 })
const utils = await makeWorkerUtils({ pgPool })
await utils.migrate()

serveSender({
  async store() {
    for (let stored = 0; stored < deliveries; stored += 1_000)
      await pgPool.query(
        `select graphile_worker.add_jobs(array(
           select ('deliver', $1::json, null, null, null, null, null, null)::graphile_worker.job_spec
           from generate_series(1, $2::int)))`,
        [JSON.stringify({ body: deliveryBody }), Math.min(1_000, deliveries - stored)],
      )
  },
  async deliver() {
    const pool = new Pool(receiver.origin, { connections: inFlight })
    const deliver = async (payload: unknown) => {
      const { body } = payload as { readonly body: string }
      const headers = { 'content-type': 'application/json' }
      const response = await pool.request({ path: receiver.pathname, method: 'POST', headers, body })
      await response.body.dump()
    }
    const runner = await run({
      pgPool,
      concurrency: inFlight,
      pollInterval: 500,
      taskList: { deliver },
      noHandleSignals: true,
    })
    while ((await pgPool.query('select 1 from graphile_worker.jobs limit 1')).rowCount !== 0) await pause(lookEveryMs)
    await runner.stop()
    await pool.close()
  },
})
