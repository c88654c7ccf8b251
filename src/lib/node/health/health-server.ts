import { createServer } from '../../node-http.ts'
import { listen } from '../listen.ts'
import type { Health } from './health.ts'
import { respondWithHealth } from './health-listener.ts'

/** A server that only says how the process is. */
export interface HealthServer {
  readonly port: number
  close(): void
}

/** Nobody but an orchestrator asks here, and briefly. */
const LIMITS = { maxHeaderSize: 8_192, headersTimeout: 5_000, requestTimeout: 5_000, keepAliveTimeout: 5_000 }
const MOST_CONNECTIONS = 64

/** Opens a port of its own for the health of the process, which keeps no process alive. */
export async function openHealthServer(health: Health, port: number, host: string | undefined): Promise<HealthServer> {
  const server = createServer(LIMITS, (incoming, outgoing) => void respondWithHealth(health, incoming, outgoing))
  server.maxConnections = MOST_CONNECTIONS
  const address = await listen(server, port, host)
  server.unref()
  return {
    port: address.port,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
