import type { AnyResponse, RequestView } from '../../http/request-view.ts'
import type { Handshake } from '../../request/socket/handshake.ts'
import { inServerSpan } from '../../request/telemetry/server-span.ts'
import type { Middleware } from '../middleware.ts'
import type { RequestGate } from '../request-gate.ts'
import { WebRequestView } from '../web-request-view.ts'
import { dispatchHandshake, type HandshakeRuntime } from './dispatch-handshake.ts'

/** What the entrances need of the application. */
interface HandshakeApp extends HandshakeRuntime {
  readonly middleware: Middleware
  readonly gate: RequestGate
  isDirect(method: string, path: string): boolean
}

/** The entrances for handshakes, as `Application` has them for other requests. */
export class Handshakes {
  readonly #app: HandshakeApp

  constructor(app: HandshakeApp) {
    this.#app = app
  }

  /** Responds inside of all middleware. */
  handle(view: RequestView, handshake: Handshake): Promise<AnyResponse> {
    return inServerSpan(
      () => view,
      () => dispatchHandshake(view, handshake, this.#app),
    )
  }

  /** Responds to one that the application which mounts this one has passed on. */
  async handleMounted(view: RequestView, handshake: Handshake): Promise<AnyResponse> {
    const refused = this.#app.gate.refusedMounted(view)
    if (refused !== undefined) return refused
    const isDirect = this.#app.isDirect(view.method, view.path)
    return isDirect ? this.handle(view, handshake) : this.fetchJudged(view.request, view.env, handshake)
  }

  /** Responds to one for a path with middleware, whose target and host are judged. `env` has the handshake. */
  fetchJudged(request: Request, env: unknown, handshake: Handshake): Promise<AnyResponse> {
    return inServerSpan(
      () => new WebRequestView(request, env, true),
      async () => handshake.concluded(await this.#app.middleware.fetch(request, env)),
    )
  }

  /** Responds to one that nobody has looked at. `bindings` has the handshake. */
  async fetch(given: Request, bindings: object, handshake: Handshake): Promise<AnyResponse> {
    const { gate, middleware } = this.#app
    const served = gate.asClientSent({ request: given, env: bindings })
    const refused = gate.refused(served)
    if (refused !== undefined) return refused
    if (middleware.empty) return this.handle(new WebRequestView(served.request, served.env, false), handshake)
    return this.fetchJudged(served.request, served.env, handshake)
  }
}
