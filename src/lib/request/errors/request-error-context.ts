import type { RequestView, Variables } from '../../http/request-view.ts'
import type { Log } from '../../log/log.ts'
import type { AnyApp } from '../../operation/any-app.ts'
import type { ErrorContext } from '../../operation/error-context.ts'
import type { AppRuntime } from '../app-runtime.ts'
import type { OperationRun } from '../operation-run.ts'

/** The request as an error handler sees it; nothing is made until it is asked for. */
export class RequestErrorContext implements ErrorContext {
  readonly operation: string | undefined
  readonly app: AnyApp
  readonly log: Log
  readonly params: unknown
  readonly query: unknown
  readonly headers: unknown
  readonly cookies: unknown
  readonly body: unknown
  readonly #view: RequestView

  constructor(view: RequestView, { app, log }: Pick<AppRuntime, 'app' | 'log'>, run?: OperationRun) {
    this.operation = run?.operation.operationId
    this.app = app
    this.log = log
    this.params = run?.context.params ?? run?.texts.params
    this.query = run?.context.query
    this.headers = run?.context.headers
    this.cookies = run?.context.cookies
    this.body = run?.context.body
    this.#view = view
  }

  get request(): Request {
    return this.#view.request
  }

  get clientAddress(): string | undefined {
    return this.#view.clientAddress
  }

  get requestId(): string {
    return this.#view.requestId
  }

  get var(): Variables {
    return this.#view.variables
  }

  /** What a line of the log says of the request. */
  get fields(): RequestFields {
    const { operation, requestId } = this
    const { method, path } = this.#view
    return { requestId, method, path, ...(operation !== undefined && { operation }) }
  }
}

/** The fields of a log line about a request. */
export interface RequestFields {
  readonly requestId: string
  readonly method: string
  readonly path: string
  readonly operation?: string
}
