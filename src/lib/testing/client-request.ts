import { TEST_HOST } from './cookie-jar.ts'

type QueryValue = string | number | boolean

/** One value or several under each name. */
export type FieldValues<V> = Readonly<Record<string, V | readonly V[] | undefined>>

/** What a request of a test client may say beside method and path. */
export interface ClientRequest extends Omit<RequestInit, 'method' | 'body'> {
  /** Parameters that are added to those of the path: a list gives one for each of its items, `undefined` none. */
  readonly query?: FieldValues<QueryValue>
  /** A JSON body; sets the content type. */
  readonly json?: unknown
  /** The fields of a form: a list gives one for each of its items, `undefined` none. */
  readonly form?: FieldValues<QueryValue>
  /** The files of a form, which makes it `multipart/form-data`. */
  readonly files?: FieldValues<Blob>
  /** What the handler gets as `clientAddress`. Default: undefined. */
  readonly clientAddress?: string
  /** A body as it is. */
  readonly body?: NonNullable<RequestInit['body']>
}

/** What the handshake of a WebSocket of a test client may say beside its path. */
export interface ClientHandshake extends Pick<ClientRequest, 'headers' | 'query' | 'clientAddress'> {
  /** The subprotocols that the client offers, the preferred one first. Default: none. */
  readonly subprotocols?: readonly string[]
}

/** The request with the headers that the client gives to all, where it has none of that name itself. */
export function clientRequest(method: string, path: string, given: ClientRequest, defaults: Headers): Request {
  const {
    json: _json,
    headers: own,
    query = {},
    clientAddress: _ofTheSocket,
    form: _form,
    files: _files,
    ...rest
  } = given
  const headers = new Headers(defaults)
  for (const [name, value] of new Headers(own)) headers.set(name, value)
  if (given.json !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json')
  const body = bodyOf(given)
  const url = withQuery(new URL(path, `http://${TEST_HOST}`), query)
  return new Request(url, { ...rest, method, headers, ...(body !== undefined && { body }) })
}

function bodyOf({ json, form, files }: ClientRequest): BodyInit | undefined {
  if (json !== undefined) return JSON.stringify(json)
  if (form === undefined && files === undefined) return undefined
  const fields = searchParams(form ?? {})
  if (files === undefined) return fields
  const data = new FormData()
  for (const [name, value] of fields) data.append(name, value)
  for (const [name, value] of Object.entries(files))
    for (const one of [value].flat()) if (one !== undefined) data.append(name, one as Blob)
  return data
}

function searchParams(values: FieldValues<QueryValue>): URLSearchParams {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(values))
    for (const one of [value].flat()) if (one !== undefined) params.append(name, String(one))
  return params
}

function withQuery(url: URL, query: FieldValues<QueryValue>): URL {
  const added = searchParams(query)
  // What stands in the path stays as it is written.
  if (added.size > 0) url.search += `${url.search === '' ? '' : '&'}${added}`
  return url
}
