import type { RequestCallbacks } from '../callback/bind-callbacks.ts'
import { RequestDeliveries } from '../callback/request-deliveries.ts'
import type { AnyResponse, RequestView } from '../http/request-view.ts'
import type { CompiledRoute } from '../operation/compiled/compiled-route.ts'
import type { ValidationError } from '../schema/validation-error.ts'
import type { AppRuntime } from './app-runtime.ts'
import { RequestGenerators } from './dependency-scope.ts'
import { RequestContext } from './request-context.ts'
import { RequestTexts } from './request-texts.ts'

/** A body that holds something open until it has ended. */
interface SentPieces {
  readonly finished: Promise<void>
  return(): Promise<unknown>
}

/** One request on its way through the steps: each step fills fields that later ones read. */
export class RequestRun {
  readonly view: RequestView
  readonly route: CompiledRoute
  readonly runtime: AppRuntime
  /** The parameters as they were sent. */
  readonly texts: RequestTexts
  /** The mistakes in the request. */
  readonly errors: ValidationError[] = []
  /** The open generators of its dependencies; undefined where it has no dependencies. */
  readonly generators: RequestGenerators | undefined
  /** What is sent during the request; undefined where nothing can be sent. */
  readonly deliveries: RequestDeliveries | undefined
  /** The handler's argument. */
  context: RequestContext
  callbacks: RequestCallbacks | undefined = undefined
  /** Makes the values of the dependencies that wait until the request has been judged, where there are any. */
  resolveLast: (() => Promise<void>) | undefined = undefined
  /** What is sent piece by piece; ended here if the response is not sent. */
  items: SentPieces | undefined = undefined
  /** Once this is set, no further step is taken. */
  response: AnyResponse | undefined = undefined

  constructor(view: RequestView, route: CompiledRoute, path: RequestTexts['params'], runtime: AppRuntime) {
    this.view = view
    this.route = route
    this.runtime = runtime
    this.texts = new RequestTexts(view, path, route.namesOfOthers)
    this.generators = route.allDependencies.length === 0 ? undefined : new RequestGenerators()
    this.deliveries = runtime.sends ? new RequestDeliveries(runtime.delivery) : undefined
    this.context = new RequestContext(view, runtime)
  }
}
