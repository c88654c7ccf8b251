import { type CloseOptions, closeTimes } from '../app/life/closing.ts'
import { appInternals } from '../app/ringback.ts'
import { once } from '../once.ts'
import { watchHealth } from './health/watch-health.ts'
import { loopback } from './loopback.ts'
import type { ServableApp } from './servable-app.ts'
import { checkedHealthPort } from './serve-options.ts'
import { closeOnSignals } from './shutdown.ts'

/** How deliveries are sent by a process that serves nothing. */
export interface WorkOptions extends CloseOptions {
  /** Attempts at the same time. Default: what the application says. */
  readonly concurrency?: number
  /** A port at which the health of the process is asked, the only one that is opened. Default: none. */
  readonly healthPort?: number
  /** For development: callbacks may go to this machine. Default: false. */
  readonly allowLoopback?: boolean
}

const DAY_MS = 86_400_000

/**
 * Starts an application without a port: its lifespan, and the worker that delivers its callbacks, also where it has
 * `worker: false` because others serve it. It ends on SIGINT or SIGTERM as a server does.
 */
export async function work(app: ServableApp, options: WorkOptions = {}): Promise<void> {
  const { concurrency, allowLoopback = false } = options
  const times = closeTimes(options)
  const internals = appInternals(app)
  const { log, delivery } = internals
  const watched = await watchHealth(internals, checkedHealthPort(options.healthPort), undefined)
  if (allowLoopback) delivery.allow(loopback)
  delivery.work(concurrency)
  await app.start()
  // The timers of a worker keep no process alive.
  setInterval(() => {}, DAY_MS)
  const close = once(() => {
    watched.health.closing()
    delivery.stopClaiming()
    return app.close(times)
  })
  closeOnSignals(close, log)
  watched.health.started()
  if (watched.port !== undefined) log.info(`Health at http://localhost:${watched.port}/healthz`)
  log.info(`Sending the deliveries stored in ${delivery.storeLocation}`)
}
