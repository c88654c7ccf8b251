import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from './free-port.ts'
import type { PostgresMachine } from './postgres-machine.ts'

/** A pooler in front of a server: each transaction may have another one of its few connections. */
export interface PgBouncer extends AsyncDisposable {
  readonly connectionString: string
}

/** Starts it in transaction mode; undefined where it is not installed (`apt-get install pgbouncer`). */
export async function startPgBouncer(machine: PostgresMachine): Promise<PgBouncer | undefined> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'ringback-pgbouncer-'))
  chmodSync(folder, 0o755)
  const file = join(folder, 'pgbouncer.ini')
  writeFileSync(file, settings(machine.port, port))
  const user = process.getuid?.() === 0 ? ['-u', 'postgres'] : []
  const bouncer = spawn('pgbouncer', [...user, file], { stdio: 'ignore' })
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  // Where it is not installed there is an error and no exit.
  for (const event of ['exit', 'error']) bouncer.once(event, () => end())
  const listening = new AbortController()
  const listens = await Promise.race([ended.then(() => false), untilListening(port, listening.signal)])
  listening.abort()
  if (!listens) return undefined
  return {
    connectionString: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async [Symbol.asyncDispose]() {
      bouncer.kill('SIGQUIT')
      await ended
    },
  }
}

const settings = (serverPort: number, port: number) => `[databases]
postgres = host=127.0.0.1 port=${serverPort} user=postgres password=password
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 8
max_client_conn = 200
`

async function untilListening(port: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const socket = connect(port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      return true
    } catch {
      await delay(20)
    } finally {
      socket.destroy()
    }
  }
  return false
}
