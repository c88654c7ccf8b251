import type { PathTemplate } from '../../http/path-template.ts'
import type { AnyResponse, RequestView } from '../../http/request-view.ts'
import type { Handshake } from '../../request/socket/handshake.ts'

/** What tells the limit of a request's body. */
export type RequestHead = Pick<RequestView, 'method' | 'path' | 'header'>

type MaybeResponse = AnyResponse | undefined | Promise<AnyResponse | undefined>

/** What responds to every method at a path and everywhere below it, where no operation does. */
export interface MountRoute {
  readonly kind: 'mount'
  /** Literal segments, none of them empty; none at all for the root. */
  readonly template: PathTemplate
  /** Undefined where there is nothing for this request. */
  respond(view: RequestView): MaybeResponse
  /** The last resort, after redirects and refused methods. */
  otherwise?(view: RequestView): MaybeResponse
  /** Responds to the handshake of a WebSocket, which only an application can. */
  respondToHandshake?(view: RequestView, handshake: Handshake): Promise<AnyResponse>
  /** The limit of a request's body for every reader; undefined where it is that of the application. */
  bodyLimitOf?(head: RequestHead): number | undefined
  /** Throws a `DefinitionError` where what is mounted cannot be served; at the start. */
  check?(): void
}
