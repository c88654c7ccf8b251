import { type CloseOptions, closeTimes } from '../app/life/closing.ts'
import { appInternals } from '../app/ringback.ts'
import { once } from '../once.ts'
import { loopback } from './loopback.ts'
import type { ServableApp } from './servable-app.ts'
import { closeOnSignals } from './shutdown.ts'

/** How deliveries are sent by a process that serves nothing. */
export interface WorkOptions extends CloseOptions {
  /** Attempts at the same time. Default: what the application says. */
  readonly concurrency?: number
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
  const { log, delivery } = appInternals(app)
  if (allowLoopback) delivery.allow(loopback)
  delivery.work(concurrency)
  await app.start()
  // The timers of a worker keep no process alive.
  setInterval(() => {}, DAY_MS)
  const close = once(() => {
    delivery.stopClaiming()
    return app.close(times)
  })
  closeOnSignals(close, log)
  log.info(`Sending the deliveries stored in ${delivery.storeLocation}`)
}
