import { StoreUnavailableError } from '../../../delivery/store-unavailable-error.ts'
import type { PooledPostgresClient, PostgresPool } from './postgres-client.ts'

/** A connection that is ours until a time. */
export interface BorrowedClient {
  readonly client: PooledPostgresClient
  /** Gives it back, or closes it where it is of no more use. */
  giveBack(destroy: boolean): void
}

const ignore = () => {}

/** Takes a connection of the pool. At `deadline` it is closed, whatever is going on, so that nothing hangs for ever. */
export async function borrowClient(pool: PostgresPool, deadline: number): Promise<BorrowedClient> {
  const client = await connectBy(pool, deadline)
  // The driver tells a broken connection to whoever listens, and ends the process where nobody does.
  client.on('error', ignore)
  let isOurs = true
  const giveBack = (destroy: boolean) => {
    clearTimeout(timer)
    if (!isOurs) return
    isOurs = false
    if (!destroy) client.off('error', ignore)
    client.release(destroy)
  }
  const timer = setTimeout(() => giveBack(true), Math.max(deadline - Date.now(), 0))
  return { client, giveBack }
}

async function connectBy(pool: PostgresPool, deadline: number): Promise<PooledPostgresClient> {
  const connecting = pool.connect()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>(resolve => {
    timer = setTimeout(() => resolve('late'), Math.max(deadline - Date.now(), 0))
  })
  const client = await Promise.race([connecting, late]).finally(() => clearTimeout(timer))
  if (client !== 'late') return client
  connecting.then(given => given.release(), ignore)
  throw new StoreUnavailableError('no connection to the database server was free within the time limit')
}
