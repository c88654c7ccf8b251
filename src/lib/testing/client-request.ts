import { TEST_HOST } from './cookie-jar.ts'

type QueryValue = string | number | boolean

/** What a request of a test client may say beside method and path. */
export interface ClientRequest extends Omit<RequestInit, 'method' | 'body'> {
  /** Parameters that are added to those of the path: a list gives one for each of its items, `undefined` none. */
  readonly query?: Readonly<Record<string, QueryValue | readonly QueryValue[] | undefined>>
  /** A JSON body; sets the content type. */
  readonly json?: unknown
  /** What the handler gets as `clientAddress`. Default: undefined. */
  readonly clientAddress?: string
  /** A body as it is. */
  readonly body?: NonNullable<RequestInit['body']>
}

/** The request with the headers that the client gives to all, where it has none of that name itself. */
export function clientRequest(
  method: string,
  path: string,
  { json, headers: own, query = {}, clientAddress: _ofTheSocket, ...rest }: ClientRequest,
  defaults: Headers,
): Request {
  const headers = new Headers(defaults)
  for (const [name, value] of new Headers(own)) headers.set(name, value)
  if (json !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json')
  const body = json === undefined ? {} : { body: JSON.stringify(json) }
  return new Request(withQuery(new URL(path, `http://${TEST_HOST}`), query), { ...rest, method, headers, ...body })
}

function withQuery(url: URL, query: NonNullable<ClientRequest['query']>): URL {
  const added = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    for (const one of [value].flat()) if (one !== undefined) added.append(name, String(one))
  // What stands in the path stays as it is written.
  if (added.size > 0) url.search += `${url.search === '' ? '' : '&'}${added}`
  return url
}
