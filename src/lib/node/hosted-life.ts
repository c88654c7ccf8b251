import type { Server } from 'node:http'
import type { Application } from '../app/application.ts'
import type { CloseOptions } from '../app/life/closing.ts'
import type { ServableApp } from './servable-app.ts'
import type { SlowBodies } from './slow-bodies.ts'

const SWEEP_MS = 1_000

/** The life of an application in the server of a host: it starts with the first request at the latest, and ends with the server. */
export class HostedLife {
  readonly #app: ServableApp
  readonly #internals: Application
  readonly #bodies: SlowBodies
  #started: Promise<void> | undefined
  #isReady = false
  #closed: Promise<void> | undefined
  readonly #servers = new Set<Server>()
  #sweep: NodeJS.Timeout | undefined

  constructor(app: ServableApp, internals: Application, bodies: SlowBodies) {
    this.#app = app
    this.#internals = internals
    this.#bodies = bodies
  }

  /** Whether it takes requests: from the end of its start to its close. */
  get running(): boolean {
    if (this.#closed !== undefined) return false
    return this.#started === undefined ? this.#internals.running : this.#isReady
  }

  get closed(): boolean {
    return this.#closed !== undefined
  }

  /** Starts the application, once. After a failure the next call tries again. */
  start(): Promise<void> {
    // Whoever has started it before closes it, too.
    if (this.#internals.running && this.#started === undefined) return Promise.resolve()
    this.#started ??= this.#app.start().then(
      () => {
        this.#isReady = true
      },
      (error: unknown) => {
        this.#started = undefined
        throw error
      },
    )
    return this.#started
  }

  /** Ends with this server, which is where a request has come from, and with all others that it follows. */
  follow(server: Server | undefined): void {
    if (server === undefined || this.#servers.has(server)) return
    this.#servers.add(server)
    server.once('close', () => {
      this.#servers.delete(server)
      if (this.#servers.size > 0) return
      this.close().catch((error: unknown) => this.#internals.log.error('Closing failed', { error }))
    })
    this.#sweep ??= setInterval(() => this.#look(), SWEEP_MS).unref()
  }

  close(options?: CloseOptions): Promise<void> {
    clearInterval(this.#sweep)
    this.#closed ??= this.#end(options)
    return this.#closed
  }

  async #end(options: CloseOptions | undefined): Promise<void> {
    const hasStarted = await this.#started?.then(
      () => true,
      () => false,
    )
    if (hasStarted === true) await this.#app.close(options)
  }

  /** A server that closes waits for its responses, and a stream would never end by itself. */
  #look(): void {
    this.#bodies.sweep(performance.now())
    if ([...this.#servers].some(({ listening }) => listening)) return
    this.#internals.delivery.stopClaiming()
    this.#internals.streams.endAll()
    this.#internals.sockets.closeAll()
  }
}
