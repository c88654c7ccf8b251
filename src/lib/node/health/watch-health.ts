import { Health, type Watched } from './health.ts'
import { openHealthServer } from './health-server.ts'

/** The health of a process, and its port where it has one. */
export interface WatchedHealth {
  readonly health: Health
  readonly port: number | undefined
  close(): void
}

/** Watches an application from before its start on, and opens the port at which it is asked, where one is wanted. */
export async function watchHealth(
  app: Watched,
  port: number | undefined,
  host: string | undefined,
): Promise<WatchedHealth> {
  const health = new Health(app)
  const server = port === undefined ? undefined : await openHealthServer(health, port, host)
  return { health, port: server?.port, close: () => server?.close() }
}
