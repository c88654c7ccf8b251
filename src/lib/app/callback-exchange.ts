import type { Exchange } from '../expression/exchange.ts'
import type { RequestView } from '../http/request-view.ts'
import type { CompiledCallback } from '../operation/compiled-callback.ts'
import type { RequestTexts } from './decode-parameters.ts'

/** The request as the expressions of these callbacks read it: as it was sent, before defaults and conversions. */
export function requestExchange(
  view: RequestView,
  texts: RequestTexts,
  body: unknown,
  callbacks: readonly CompiledCallback[],
): Exchange {
  const headers: Record<string, string | undefined> = {}
  for (const { headerNames } of callbacks) for (const name of headerNames) headers[name] = view.header(name)
  return {
    get url() {
      return view.url
    },
    method: view.method,
    request: {
      params: texts.params,
      get query() {
        return texts.query
      },
      headers,
      body,
    },
  }
}
