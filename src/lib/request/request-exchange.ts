import type { Exchange } from '../expression/exchange.ts'
import type { RequestView } from '../http/request-view.ts'
import type { OperationRun } from './operation-run.ts'
import type { RequestTexts } from './request-texts.ts'

/** The request as the expressions of its callbacks read it: as it was sent, before defaults and conversions. */
export function requestExchange({ view, texts, sent, operation, runtime }: OperationRun): Exchange {
  const headers: Record<string, string | undefined> = {}
  for (const { headerNames } of operation.callbacks) for (const name of headerNames) headers[name] = view.header(name)
  return new RequestExchange(view, runtime.basePath, new ExchangedRequest(texts, headers, sent))
}

/** Costly values are made when an expression asks for them. */
class RequestExchange implements Exchange {
  readonly method: string
  readonly request: Exchange['request']
  readonly #view: RequestView
  readonly #basePath: string

  constructor(view: RequestView, basePath: string, request: Exchange['request']) {
    this.method = view.method
    this.request = request
    this.#view = view
    this.#basePath = basePath
  }

  get url(): string {
    const { url } = this.#view
    const pathStart = url.indexOf('/', url.indexOf('//') + 2)
    return url.slice(0, pathStart) + this.#basePath + url.slice(pathStart)
  }
}

class ExchangedRequest {
  readonly params: Readonly<Record<string, string>>
  readonly headers: Exchange['request']['headers']
  readonly body: unknown
  readonly #texts: RequestTexts

  constructor(texts: RequestTexts, headers: Exchange['request']['headers'], body: unknown) {
    this.params = texts.params
    this.headers = headers
    this.body = body
    this.#texts = texts
  }

  get query(): Exchange['request']['query'] {
    return this.#texts.query
  }
}
