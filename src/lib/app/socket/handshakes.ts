import { asClientSent, hostOf } from '../../http/forwarded-request.ts'
import type { AnyResponse, RequestView } from '../../http/request-view.ts'
import type { TrustsHost } from '../../http/trusted-hosts.ts'
import type { ReadForwarded } from '../../http/trusted-proxies.ts'
import type { Handshake } from '../../request/socket/handshake.ts'
import { inServerSpan } from '../../request/telemetry/server-span.ts'
import type { Middleware } from '../middleware.ts'
import { refusedTarget } from '../request-target.ts'
import { WebRequestView } from '../web-request-view.ts'
import { dispatchHandshake, type HandshakeRuntime } from './dispatch-handshake.ts'

/** What the entrances need of the application. */
interface HandshakeApp extends HandshakeRuntime {
  readonly middleware: Middleware
  readonly readForwarded: ReadForwarded | undefined
  readonly trustsHost: TrustsHost
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

  /** Responds to one for a path with middleware, whose target and host are judged. `env` has the handshake. */
  fetchJudged(request: Request, env: unknown, handshake: Handshake): Promise<AnyResponse> {
    return inServerSpan(
      () => new WebRequestView(request, env, true),
      async () => handshake.concluded(await this.#app.middleware.fetch(request, env)),
    )
  }

  /** Responds to one that nobody has looked at. `bindings` has the handshake. */
  async fetch(given: Request, bindings: object, handshake: Handshake): Promise<AnyResponse> {
    const { readForwarded, trustsHost, middleware } = this.#app
    const direct = { request: given, env: bindings }
    const served = readForwarded === undefined ? direct : asClientSent(direct, readForwarded)
    const refused = refusedTarget(served.request.url, () => hostOf(served), trustsHost)
    if (refused !== undefined) return refused
    if (middleware.empty) return this.handle(new WebRequestView(served.request, served.env, false), handshake)
    return this.fetchJudged(served.request, served.env, handshake)
  }
}
