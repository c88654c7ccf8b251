import { StoreUnavailableError } from '../../../delivery/store-unavailable-error.ts'
import type { PooledPostgresClient, PostgresPool } from './postgres-client.ts'

/** A connection that is ours until a time. */
export interface BorrowedClient<Client> {
  readonly client: Client
  /** Gives it back, or closes it where it is of no more use. */
  giveBack(destroy: boolean): void
}

/** How long one may wait for a connection, and how long it is had from then on. */
export interface BorrowTimes {
  readonly byMs: number
  readonly forMs: number
}

const ignore = () => {}

/** Takes a connection of the pool. After its time it is closed, whatever is going on, so that nothing hangs for ever. */
export async function borrowClient<Client extends PooledPostgresClient>(
  pool: PostgresPool<Client>,
  { byMs, forMs }: BorrowTimes,
): Promise<BorrowedClient<Client>> {
  const client = await connectWithin(pool, byMs)
  // The driver tells a broken connection to whoever listens, and ends the process where nobody does.
  client.on('error', ignore)
  let isOurs = true
  const giveBack = (destroy: boolean) => {
    clearTimeout(timer)
    if (!isOurs) return
    isOurs = false
    // Such a client waits for all it has sent before it closes, and the server may never respond.
    if (destroy && client.pipeline) client.pipeline = false
    if (!destroy) client.off('error', ignore)
    client.release(destroy)
  }
  const timer = setTimeout(() => giveBack(true), forMs)
  return { client, giveBack }
}

async function connectWithin<Client extends PooledPostgresClient>(
  pool: PostgresPool<Client>,
  byMs: number,
): Promise<Client> {
  const connecting = pool.connect()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>(resolve => {
    timer = setTimeout(() => resolve('late'), byMs)
  })
  const client = await Promise.race([connecting, late]).finally(() => clearTimeout(timer))
  if (client !== 'late') return client
  connecting.then(given => given.release(), ignore)
  throw new StoreUnavailableError('no connection to the database server was free within the time limit')
}
