/** Values of middleware by name. */
export type Variables = Readonly<Record<string, unknown>>

/** Of a request that no middleware has seen. */
export const NO_VARIABLES: Variables = Object.freeze({})

/**
 * What the pipeline needs to see of a request, whoever made it: a web `Request` or Node's own. Everything that costs
 * something (headers as a list, the web `Request`, the signal) is made when it is asked for.
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
  /** The other end of the connection, where that is known. */
  readonly clientAddress: string | undefined
  /** What middleware has set for it. */
  readonly variables: Variables
  /** The largest body that anyone may read of it, here or through `request`: known when its route is. */
  bodyLimitBytes: number
  /** All bytes of the body; throws `ContentTooLargeError` once they are more than the limit. */
  readBody(): Promise<Uint8Array>
  /** The web `Request`. After `readBody` it has headers and URL, and its body is used. */
  readonly request: Request
  /** Aborts when the client goes away before the response is complete. */
  readonly signal: AbortSignal
  /** Runs `fn` once the response has been sent, or given up. */
  afterSent(fn: () => void): void
}

/** What the pipeline gives back: enough for both makers to write it without looking inside. */
export interface PlainResponse {
  readonly status: number
  readonly headers: ResponseHeaders
  readonly body: BodyContent | undefined
}

/** A body that is there at once, or comes piece by piece. */
export type BodyContent = string | Uint8Array | BodyStream

/** Its reader asks for one piece after the other, and ends it when the client goes away. */
export type BodyStream = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>

/** One whose body is there at once. */
export interface WholeResponse extends PlainResponse {
  readonly body: string | Uint8Array | undefined
}

/** Header names in lower case; a list where a header stands on several lines (`set-cookie`). */
export type ResponseHeaders = Record<string, string | readonly string[]>

/** A handler's own `Response` is passed through as it is. */
export type AnyResponse = PlainResponse | Response
