import type { BodySource } from './body/body-source.ts'

/** Values of middleware by name. */
export type Variables = Readonly<Record<string, unknown>>

/** The values of a request that no middleware has seen. */
export const NO_VARIABLES: Variables = Object.freeze({})

/**
 * What the pipeline needs of a request, be it a web `Request` or Node's own. Everything costly (headers as a list, the
 * web `Request`, the signal) is made when it is asked for.
 */
export interface RequestView {
  /** In upper case, as sent. */
  readonly method: string
  /** The path of the URL, percent-encoded as sent. */
  readonly path: string
  /** What follows the `?`, without it; empty if there is none. */
  readonly queryText: string
  /** The absolute URL as the client sees it. */
  readonly url: string
  /** A header by its lower-case name; several lines of one name are joined by ", ". */
  header(name: string): string | undefined
  /** The client's address, if it is known: behind trusted proxies, the one that they have forwarded. */
  readonly clientAddress: string | undefined
  /** What the request is called in logs; made when it is asked for. */
  readonly requestId: string
  /** The values that middleware has set. */
  readonly variables: Variables
  /** What the server passed beside the request: Node's own request and response as `incoming` and `outgoing`. */
  readonly env: unknown
  /** The largest body that anyone may read, here or through `request`; known once the route is. */
  bodyLimitBytes: number
  /** All bytes of the body; throws `ContentTooLargeError` once they are more than the limit. */
  readBody(): Promise<Uint8Array>
  /** The same piece by piece. */
  openBody(): BodySource
  /** The web `Request`. After either it has headers and URL, and its body is used. */
  readonly request: Request
  /** Aborts when the client goes away before the response is complete. */
  readonly signal: AbortSignal
  /** Runs `fn` once the response has been sent or abandoned. */
  afterSent(fn: () => void): void
}

/** The pipeline's response, in a form that both kinds of server can write. */
export interface PlainResponse {
  readonly status: number
  readonly headers: ResponseHeaders
  readonly body: BodyContent | undefined
}

/** A response whose body is whole or streamed. */
export type BodyContent = string | Uint8Array | BodyStream

/** The writer asks for one piece after the other, and ends the stream when the client goes away. */
export type BodyStream = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>

/** A response whose body is whole. */
export interface WholeResponse extends PlainResponse {
  readonly body: string | Uint8Array | undefined
}

/** Header names in lower case; a list where a header has several lines (`set-cookie`). */
export type ResponseHeaders = Record<string, string | readonly string[]>

/** A handler's own `Response` is passed through as it is. */
export type AnyResponse = PlainResponse | Response
